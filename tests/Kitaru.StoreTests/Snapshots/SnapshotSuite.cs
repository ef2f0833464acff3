using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.StoreTests.Snapshots;

public abstract class SnapshotSuite : StoreSuite
{
    private protected SnapshotSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Put_ThenFind_GivesTheManifestBack_AndTheFirstOneStays()
    {
        var flow = new FlowDefinition
        {
            Name = "greet",
            Type = "My.Flows",
            Method = "Greet",
            Description = "Says hello.",
            Parameters = [new FlowParameter { Name = "topic", Required = true, Schema = new() { ["type"] = "string" } }],
            Cache = false,
        };
        var snapshot = new SnapshotRecord(Code, new FlowManifest { Kitaru = "0.1.0", Flows = [flow] }, Time.Now, 1234);
        await Plane.Snapshots.PutAsync(snapshot);
        await Plane.Snapshots.PutAsync(snapshot with { SizeBytes = 1 });

        var read = (await Plane.Snapshots.FindAsync(Code)).ShouldNotBeNull();

        (read.Id, read.CreatedAt, read.SizeBytes, read.Manifest.Kitaru).ShouldBe((Code, Time.Now, 1234, "0.1.0"));
        var readFlow = read.Manifest.Flows.ShouldHaveSingleItem();
        (readFlow.Name, readFlow.Method, readFlow.Description, readFlow.Cache).ShouldBe(("greet", "Greet", "Says hello.", false));
        readFlow.Parameters.ShouldHaveSingleItem().Schema["type"]!.ToString().ShouldBe("string");
        (await Plane.Snapshots.FindAsync(new SnapshotId("none"))).ShouldBeNull();
    }
}

public sealed class SqliteSnapshotTests() : SnapshotSuite(new SqliteUnderTest());
