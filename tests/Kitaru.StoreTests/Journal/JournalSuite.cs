using Kitaru.Core;

namespace Kitaru.StoreTests.Journal;

public abstract class JournalSuite : StoreSuite
{
    private protected JournalSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Append_ThenClaimAgain_GivesTheEntryBack()
    {
        var lease = await HeldAsync();
        var entry = Entry(1, "gather_notes", "{\"a\":1}") with
        {
            Type = "llm_call",
            Fingerprint = [1, 2, 3],
            Arguments = Json("{\"topic\":\"tea\"}"),
            Parents = ["before", "also \"quoted\""],
            Metadata = new() { ["model"] = "x" },
            Attempt = 2,
        };
        await Plane.Journal.AppendAsync(lease, entry);
        await ReleaseAsync(lease, ExecutionStatus.Queued);

        var claimed = await ClaimAsync(lease.ExecutionId);

        var read = claimed.Journal.ShouldHaveSingleItem();
        (read with { Metadata = null, Value = null, Arguments = null, Fingerprint = null, Parents = [] })
            .ShouldBe(entry with { Metadata = null, Value = null, Arguments = null, Fingerprint = null, Parents = [], Artifacts = read.Artifacts });
        read.Fingerprint.ShouldBe(entry.Fingerprint);
        read.Parents.ShouldBe(entry.Parents);
        read.Metadata!["model"]!.ToString().ShouldBe("x");
        TextOf(read.Value).ShouldBe("{\"a\":1}");
        TextOf(read.Arguments).ShouldBe("{\"topic\":\"tea\"}");
        read.Value!.Hash.ShouldBe(entry.Value!.Hash);
    }
}

public sealed class SqliteJournalTests() : JournalSuite(new SqliteUnderTest());
