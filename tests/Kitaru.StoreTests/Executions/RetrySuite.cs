using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class RetrySuite : StoreSuite
{
    private protected RetrySuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Retry_Failed_IsQueuedUnderTheSameIdWithItsRecords()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "fetch"));
        await FinishAsync(lease, ExecutionStatus.Failed);

        var record = await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me");

        record.Status.ShouldBe(ExecutionStatus.Queued);
        record.StatusReason.ShouldBe("retried by me");
        record.Failure.ShouldBeNull();
        record.EndedAt.ShouldBeNull();
        record.Reopened.ShouldBe(1);
        record.Snapshot.ShouldBe(Code);
        var claim = await ClaimAsync(lease.ExecutionId);
        claim.Journal.ShouldHaveSingleItem().Key.ShouldBe("fetch");
        claim.Execution.CheckpointCount.ShouldBe(1);
    }

    [Fact]
    public async Task Retry_TheCallThatFailedIt_BecomesAnAttemptAndRunsAgain()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "fetch"));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "parse") with { Parents = ["fetch"] });
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Failed, "it broke", null, Boom with { CausedBy = ["parse"] }, null));

        await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me");

        var claim = await ClaimAsync(lease.ExecutionId);
        claim.Journal.ShouldHaveSingleItem().Key.ShouldBe("fetch");
        claim.Attempts.ShouldHaveSingleItem().Key.ShouldBe("parse");
        await Plane.Journal.AppendAsync(claim.Lease, Entry(3, "parse") with { Attempt = 2 });
        var call = (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls.Single(call => call.Name == "parse");
        call.Attempts.Select(attempt => attempt.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed]);
    }

    [Fact]
    public async Task Retry_FailureTheFlowTookNoteOf_StaysRecorded()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, FailedEntry(1, "first_try"));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "fallback") with { Parents = ["first_try"] });
        await FinishAsync(lease, ExecutionStatus.Failed);

        await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me");

        (await ClaimAsync(lease.ExecutionId)).Journal.ShouldHaveSingleItem().Key.ShouldBe("first_try");
    }

    [Fact]
    public async Task Retry_WithOtherCode_PinsIt()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, ExecutionStatus.Failed);
        var fixedCode = new SnapshotId("code-2");

        (await Plane.Executions.RetryAsync(lease.ExecutionId, fixedCode, by: "me")).Snapshot.ShouldBe(fixedCode);

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();
        (await Plane.Workers.ClaimAsync(Worker, fixedCode, 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Retry_AfterOtherCodeRecordedNothing_GoesBackToTheCodeOfTheRecords()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "b"));
        await FinishAsync(lease, ExecutionStatus.Failed);
        var (second, third) = (new SnapshotId("code-2"), new SnapshotId("code-3"));
        foreach (var code in (SnapshotId[])[second, third])
        {
            await Plane.Executions.RetryAsync(lease.ExecutionId, code, by: "me");
            await FinishAsync((await ClaimAsync(lease.ExecutionId, code)), ExecutionStatus.Failed);
        }

        (await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me")).Snapshot.ShouldBe(Code);

        await FinishAsync((await ClaimAsync(lease.ExecutionId, Code)), ExecutionStatus.Failed);
        await Plane.Executions.RetryAsync(lease.ExecutionId, second, by: "me");
        var progress = await ClaimAsync(lease.ExecutionId, second);
        await Plane.Journal.AppendAsync(progress, Entry(3, "b"));
        await FinishAsync(progress, ExecutionStatus.Failed);
        (await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me")).Snapshot.ShouldBe(second);
    }

    [Fact]
    public async Task Retry_WaitsThatEndedWithIt_AreAskedAgain()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");
        await FinishAsync(lease, ExecutionStatus.Failed);

        await Plane.Executions.RetryAsync(lease.ExecutionId, code: null, by: "me");

        var claim = await ClaimAsync(lease.ExecutionId);
        claim.Waits.ShouldBeEmpty();
        (await OpenWaitAsync(claim.Lease, "approve")).Status.ShouldBe(WaitStatus.Pending);
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "me");
    }

    [Fact]
    public async Task Retry_TwiceAtOnce_OneIsRefusedNamingTheState()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, ExecutionStatus.Failed);

        var both = new[] { 1, 2 }.Select(_ => Record.ExceptionAsync(() => Plane.Executions.RetryAsync(lease.ExecutionId, null, "me")));
        var refused = (await Task.WhenAll(both)).OfType<KitaruStateException>().ShouldHaveSingleItem();

        refused.Message.ShouldContain("queued to run");
        refused.NextStep!.ShouldContain("kitaru_executions_get");
        (await FindAsync(lease.ExecutionId)).Reopened.ShouldBe(1);
    }

    [Fact]
    public async Task Retry_OldHolder_CanWriteNothing()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, ExecutionStatus.Failed);
        await Plane.Executions.RetryAsync(lease.ExecutionId, null, "me");

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "late")));
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Cancelled)]
    public async Task Retry_EndedOtherwise_IsRefused(ExecutionStatus status)
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, status);

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.RetryAsync(lease.ExecutionId, null, "me"));

        error.NextStep!.ShouldContain("kitaru_executions_replay");
    }

    [Fact]
    public async Task Retry_Unknown_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Executions.RetryAsync(new ExecutionId(NewId()), null, "me"));

    [Fact]
    public async Task Retry_CountsInLists()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, ExecutionStatus.Failed);
        (await Plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Failed] })).Total.ShouldBe(1);

        await Plane.Executions.RetryAsync(lease.ExecutionId, null, "me");

        (await Plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Failed] })).Total.ShouldBe(0);
        (await Plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Running] })).Total.ShouldBe(1);
    }

    private async Task<Lease> ClaimAsync(ExecutionId id, SnapshotId code) => (await Plane.Workers.ClaimOneAsync(Worker, code, id)).ShouldNotBeNull().Lease;
}

public sealed class SqliteRetryTests() : RetrySuite(new SqliteUnderTest());
