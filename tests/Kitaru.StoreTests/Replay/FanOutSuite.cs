using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests.Replay;

/// <summary>Overrides of every call of a checkpoint (runtime.md 6.2).</summary>
public abstract class FanOutSuite : StoreSuite
{
    private protected FanOutSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Plan_CheckpointName_MeansEveryCallOfIt()
    {
        var plan = await PlanAsync(all: [("lookup", "1")]);
        Overridden(plan).ShouldBe(["lookup", "lookup_2", "lookup_3"]);
        plan.Matched["checkpoint:lookup"].ShouldBe(["lookup", "lookup_2", "lookup_3"]);
    }

    [Fact]
    public async Task Plan_NameOfARepeat_MeansThatCall() => Overridden(await PlanAsync(all: [("lookup_2", "1")])).ShouldBe(["lookup_2"]);

    [Fact]
    public async Task Plan_NameThatEndsInANumber_IsNotFolded()
    {
        Overridden(await PlanAsync(all: [("phase_2", "1")])).ShouldBe(["phase_2"]);
        await Should.ThrowAsync<KitaruStateException>(() => PlanAsync(all: [("phase", "1")]));
    }

    [Fact]
    public async Task Create_NearerNames_WinOverFartherOnes()
    {
        var request = Request(await SourceAsync(), one: [("lookup_3", "\"one\"")], all: [("lookup", "\"all\""), ("lookup_2", "\"repeat\"")]);

        var replay = await Plane.Replays.CreateAsync(request, New(), "me");

        var claim = await ClaimAsync(replay.Id);
        claim.Journal.Where(entry => entry.Name == "lookup").Select(entry => TextOf(entry.Value)).ShouldBe(["\"all\"", "\"repeat\"", "\"one\""]);
        claim.Replay!.Matched["checkpoint:lookup"].ShouldBe(["lookup"]);
        claim.Replay.Matched["checkpoint:lookup_2"].ShouldBe(["lookup_2"]);
        claim.Replay.Matched["checkpoint.lookup_3"].ShouldBe(["lookup_3"]);
    }

    [Fact]
    public async Task Plan_OneOfItsCallsWithoutFollowers_IsRefusedNamingIt()
    {
        var error = await Should.ThrowAsync<KitaruStateException>(() => PlanAsync(all: [("last", "1")]));
        error.Message.ShouldContain("Nothing follows on checkpoint 'last'");
    }

    [Fact]
    public async Task Plan_SkippedRepeat_ConflictsWithItsCheckpoint() => await Should.ThrowAsync<KitaruUsageException>(async () =>
        await Plane.Replays.PlanAsync(Request(await SourceAsync(), all: [("lookup", "1")]) with { Skip = ["lookup_2"] }));

    private static IEnumerable<string> Overridden(ReplayPlan plan) => plan.Steps.Where(step => step.Action == ReplayAction.Overridden).Select(step => step.Key);

    private async Task<ReplayPlan> PlanAsync((string, string)[] all) => await Plane.Replays.PlanAsync(Request(await SourceAsync(), all: all));

    private static ReplayRequest Request(ExecutionId source, (string, string)[]? one = null, (string, string)[]? all = null) => new()
    {
        Source = source,
        From = "last",
        Outputs = Values(one),
        CheckpointOutputs = Values(all),
    };

    private static Dictionary<string, JsonNode?> Values((string Name, string Json)[]? values) => (values ?? []).ToDictionary(value => value.Name, value => JsonNode.Parse(value.Json));

    /// <summary>Three lookups, a checkpoint whose own name ends in a number, and one that follows on all.</summary>
    private async Task<ExecutionId> SourceAsync()
    {
        var lease = await HeldAsync();
        string[] keys = ["lookup", "lookup_2", "lookup_3", "phase_2"];
        for (var i = 0; i < keys.Length; i++)
            await Plane.Journal.AppendAsync(lease, Entry(i + 1, keys[i]) with { Name = i < 3 ? "lookup" : keys[i] });
        await Plane.Journal.AppendAsync(lease, Entry(5, "last") with { Parents = keys });
        await FinishAsync(lease);
        return lease.ExecutionId;
    }
}

public sealed class SqliteFanOutTests() : FanOutSuite(new SqliteUnderTest());
