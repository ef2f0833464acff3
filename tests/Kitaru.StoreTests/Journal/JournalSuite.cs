using System.Text.Json.Nodes;
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

    [Fact]
    public async Task Append_TheSameCallTwice_IsRefusedAndChangesNothing()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a", "1"));

        var sameKey = await Should.ThrowAsync<KitaruRuntimeException>(() => Plane.Journal.AppendAsync(lease, Entry(2, "a", "2")));
        await Should.ThrowAsync<KitaruRuntimeException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "b", "2")));

        sameKey.Message.ShouldContain("'a'");
        TextOf((await ReclaimAsync(lease)).Journal.ShouldHaveSingleItem().Value).ShouldBe("1");
    }

    [Fact]
    public async Task Append_TheSameRecordAgain_IsDoneAlready()
    {
        var lease = await HeldAsync();
        var saved = Entry(2, "b") with { Artifacts = [new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("2"), [])] };
        foreach (var entry in (JournalEntry[])[Entry(1, "a"), Entry(1, "a"), saved, saved])
            await Plane.Journal.AppendAsync(lease, entry);
        foreach (var attempt in (AttemptRecord[])[Attempt("c", 1), Attempt("c", 1)])
            await Plane.Journal.AppendAttemptAsync(lease, attempt);

        var detail = await Plane.Executions.GetAsync(lease.ExecutionId);
        detail.Calls.Select(call => call.Name).ShouldBe(["a", "b", "c"], ignoreOrder: true);
        (await ReclaimAsync(lease)).Journal.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Append_WithALeaseFromBefore_IsFenced()
    {
        var old = await HeldAsync();
        await ReleaseAsync(old, ExecutionStatus.Queued);
        var fresh = (await ClaimAsync(old.ExecutionId)).Lease;

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(old, Entry(1, "a")));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAttemptAsync(old, Attempt("a", 1)));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => OpenWaitAsync(old, "w"));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AnnounceAsync(old, [new RunningCall("a", "a", null, 1, Time.Now)]));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => ReleaseAsync(old, ExecutionStatus.Queued));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => FinishAsync(old));

        var detail = await Plane.Executions.GetAsync(old.ExecutionId);
        detail.Calls.ShouldBeEmpty();
        detail.Waits.ShouldBeEmpty();
        await Plane.Journal.AppendAsync(fresh, Entry(1, "a"));
    }

    [Fact]
    public async Task Append_OtherOwnerSameEpoch_IsFenced()
    {
        var lease = await HeldAsync();

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease with { Owner = NewWorker() }, Entry(1, "a")));
    }

    [Fact]
    public async Task Append_OneFencedAmongMany_FailsItsCallerOnly()
    {
        var leases = new List<Lease>();
        for (var i = 0; i < 32; i++)
            leases.Add(await HeldAsync());
        await Plane.Executions.CancelAsync(leases[7].ExecutionId);
        await Plane.Journal.AppendAsync(leases[9], Entry(1, "taken"));

        var writes = leases.Select(lease => Plane.Journal.AppendAsync(lease, Entry(1, "a"))).ToList();
        await Should.ThrowAsync<KitaruLeaseLostException>(() => writes[7]);
        await Should.ThrowAsync<KitaruRuntimeException>(() => writes[9]);
        await Task.WhenAll(writes.Where((_, i) => i is not (7 or 9)));

        (await FindAsync(leases[7].ExecutionId)).CheckpointCount.ShouldBe(0);
        (await FindAsync(leases[8].ExecutionId)).CheckpointCount.ShouldBe(1);
        (await Plane.Executions.GetAsync(leases[9].ExecutionId)).Calls.ShouldHaveSingleItem().Name.ShouldBe("taken");
    }

    [Fact]
    public async Task Append_RefusedHalfWay_LeavesNothingBehind()
    {
        var lease = await HeldAsync();
        var artifact = new NewArtifact(new ArtifactId(NewId()), "n", "blob", Json("1"), []);
        await Plane.Journal.AppendAsync(lease, Entry(1, "a") with { Artifacts = [artifact] });

        // The artifact's id is taken: its row is refused after the journal's went in.
        await Should.ThrowAsync<KitaruBackendException>(() => Plane.Journal.AppendAsync(lease, Entry(2, "b") with { Artifacts = [artifact] }));

        (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls.ShouldHaveSingleItem().Name.ShouldBe("a");
        await Plane.Journal.AppendAsync(lease, Entry(2, "b"));
    }

    [Fact]
    public async Task Append_WithExecutionMetadata_StoresIt()
    {
        var lease = await HeldAsync();

        await Plane.Journal.AppendAsync(lease, Entry(1, "a") with { ExecutionMetadata = new() { ["tier"] = "gold" } });

        (await FindAsync(lease.ExecutionId)).Metadata["tier"]!.ToString().ShouldBe("gold");
    }

    [Fact]
    public async Task Append_ManyAtOnceToOneExecution_KeepsEveryOneInOrder()
    {
        var lease = await HeldAsync();

        await Task.WhenAll(Enumerable.Range(1, 500).Select(seq => Plane.Journal.AppendAsync(lease, Entry(seq, "k" + seq, seq.ToString()))));

        (await ReclaimAsync(lease)).Journal.Select(entry => TextOf(entry.Value)).ShouldBe(Enumerable.Range(1, 500).Select(seq => seq.ToString()));
    }

    [Fact]
    public async Task Append_EmptyTextsAndBytes_StayEmptyAndNotNull()
    {
        var lease = await HeldAsync();

        await Plane.Journal.AppendAsync(lease, Entry(1, "a") with { Type = "", Fingerprint = [], Value = StoredValue.Of(StoredValue.Bytes, "", []) });

        var entry = (await ReclaimAsync(lease)).Journal.ShouldHaveSingleItem();
        entry.Type.ShouldBe("");
        entry.Fingerprint.ShouldBe([]);
        entry.Value!.Inline.ShouldBe([]);
        entry.Value.TypeName.ShouldBe("");
    }

    [Fact]
    public async Task Append_AnyCharacter_ComesBackAsItWas()
    {
        var lease = await HeldAsync();
        const string odd = "a\0b \u001f \ud83d\ude00 ' \" \\ ü";

        await Plane.Journal.AppendAsync(lease, Entry(1, odd) with { Type = odd, Metadata = new() { [odd] = odd }, Parents = [odd] });

        var entry = (await ReclaimAsync(lease)).Journal.ShouldHaveSingleItem();
        (entry.Key, entry.Name, entry.Type).ShouldBe((odd, odd, odd));
        entry.Metadata![odd]!.ToString().ShouldBe(odd);
        entry.Parents.ShouldBe([odd]);
    }

    [Fact]
    public async Task Append_MetadataTooDeepToBeReadAgain_IsRefused()
    {
        var lease = await HeldAsync();
        var deep = new JsonObject();
        for (var i = 0; i < 100; i++)
            deep = new JsonObject { ["in"] = deep };

        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "a") with { Metadata = deep }));

        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        (await ReclaimAsync(lease)).Journal.Count.ShouldBe(1);
    }

    [Fact]
    public async Task AppendAttempt_OfAnOpenCall_ComesBackWithTheClaim_ButNotOnceItHasEnded()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAttemptAsync(lease, Attempt("open", 1));
        await Plane.Journal.AppendAttemptAsync(lease, Attempt("ended", 1));
        await Plane.Journal.AppendAsync(lease, Entry(1, "ended") with { Attempt = 2 });

        var attempt = (await ReclaimAsync(lease)).Attempts.ShouldHaveSingleItem();

        (attempt.Key, attempt.Attempt, attempt.Interrupted, attempt.Failure!.Message).ShouldBe(("open", 1, false, "It broke."));
    }

    [Fact]
    public async Task Release_Forgetting_MovesFailedCallsToAttempts_AndLeavesTheOthers()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "good"));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "bad") with { Attempt = 3 });

        await Plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, "retry 1 of 2", null, 1)
        {
            Forget = ["good", "bad", "unknown"],
            ExecutionMetadata = new() { ["a"] = 1 },
        });

        var claimed = await ClaimAsync(lease.ExecutionId);
        claimed.Journal.ShouldHaveSingleItem().Key.ShouldBe("good");
        var attempt = claimed.Attempts.ShouldHaveSingleItem();
        (attempt.Key, attempt.Attempt, attempt.Interrupted, attempt.Failure!.Message).ShouldBe(("bad", 3, false, "It broke."));
        claimed.Execution.RetriesUsed.ShouldBe(1);
        claimed.Execution.Metadata["a"]!.GetValue<int>().ShouldBe(1);
        await Plane.Journal.AppendAsync(claimed.Lease, Entry(3, "bad") with { Attempt = 4 });
    }

    [Fact]
    public async Task Release_Sleeping_IsClaimableOnlyWhenTheTimeHasCome()
    {
        var lease = await HeldAsync();
        await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddMinutes(5));
        var record = await FindAsync(lease.ExecutionId);
        record.Status.ShouldBe(ExecutionStatus.Sleeping);
        record.StatusReason.ShouldBe("sleeping until 2026-06-16T08:35:00+00:00");
        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();

        Time.Advance(TimeSpan.FromMinutes(5));

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Release_Sleeping_UntilAFractionOfAMicrosecond_WakesNotBefore()
    {
        var lease = await HeldAsync();
        var until = Time.Now.AddTicks(15);
        await ReleaseAsync(lease, ExecutionStatus.Sleeping, until);
        Time.Advance(TimeSpan.FromTicks(10));

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();
        Time.Advance(TimeSpan.FromTicks(10));

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).Count.ShouldBe(1);
        Time.Now.ShouldBeGreaterThanOrEqualTo(until);
    }

    [Theory]
    [InlineData(ExecutionStatus.Running)]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Sleeping)]
    public async Task Release_AsSomethingElse_OrSleepingWithoutATime_IsAUsageError(ExecutionStatus status)
    {
        var lease = await HeldAsync();

        await Should.ThrowAsync<KitaruUsageException>(() => ReleaseAsync(lease, status));
    }

    [Fact]
    public async Task Release_WhileACallRuns_RecordsItAsInterrupted()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("a", "a", null, 2, Time.Now)]);

        var attempt = (await ReclaimAsync(lease)).Attempts.ShouldHaveSingleItem();

        (attempt.Key, attempt.Attempt, attempt.Interrupted).ShouldBe(("a", 2, true));
    }

    [Fact]
    public async Task Announce_Replaces_AndARecordedCallNoLongerRuns()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("a", "a", null, 1, Time.Now), new RunningCall("b", "b", null, 1, Time.Now)]);
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("b", "b", null, 1, Time.Now), new RunningCall("c", "c", null, 1, Time.Now)]);
        await Plane.Journal.AppendAsync(lease, Entry(1, "b"));

        var calls = (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls;

        calls.Select(call => (call.Name, call.Status)).ShouldBe([("b", ExecutionStatus.Completed), ("c", ExecutionStatus.Running)], ignoreOrder: true);
    }

    [Fact]
    public async Task AnyWrite_CancelledBeforehand_IsNotMade()
    {
        var lease = await HeldAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "a"), new CancellationToken(canceled: true)));

        (await FindAsync(lease.ExecutionId)).CheckpointCount.ShouldBe(0);
    }

    private AttemptRecord Attempt(string key, int attempt) => new(key, key, attempt, false, Time.Now, Time.Now, Boom, new() { ["n"] = attempt });

    private async Task<ClaimedExecution> ReclaimAsync(Lease lease)
    {
        await ReleaseAsync(lease, ExecutionStatus.Queued);
        return await ClaimAsync(lease.ExecutionId);
    }
}

public sealed class SqliteJournalTests() : JournalSuite(new SqliteUnderTest());
