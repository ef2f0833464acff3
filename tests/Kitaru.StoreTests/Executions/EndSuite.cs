using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class EndSuite : StoreSuite
{
    private protected EndSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Finish_Completed_StoresTheResultAndCounts()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        await Plane.Journal.AppendAsync(lease, Entry(2, "b") with { Value = null });
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, "fine", Json("\"done\""), null, new() { ["tier"] = "gold" }));

        var record = await FindAsync(lease.ExecutionId);

        record.Status.ShouldBe(ExecutionStatus.Completed);
        record.StatusReason.ShouldBe("fine");
        TextOf(record.Result).ShouldBe("\"done\"");
        record.Metadata["tier"]!.ToString().ShouldBe("gold");
        record.EndedAt.ShouldBe(Time.Now);
        record.Owner.ShouldBeNull();
        record.CheckpointCount.ShouldBe(2);
        record.ArtifactCount.ShouldBe(1);
    }

    [Fact]
    public async Task Finish_Failed_StoresTheFailure()
    {
        var lease = await HeldAsync();
        var failure = Boom with { CausedBy = ["a", "b"], BaseTypes = ["System.Exception"] };

        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Failed, "It broke.", null, failure, null));

        var read = (await FindAsync(lease.ExecutionId)).Failure.ShouldNotBeNull();
        (read with { CausedBy = [], BaseTypes = [] }).ShouldBe(Boom with { CausedBy = read.CausedBy.Take(0).ToArray(), BaseTypes = [] }, "same texts");
        read.CausedBy.ShouldBe(["a", "b"]);
        read.BaseTypes.ShouldBe(["System.Exception"]);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Failed)]
    [InlineData(ExecutionStatus.Cancelled)]
    public async Task Finish_Anything_FencesItsOwnHolder(ExecutionStatus status)
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, status);

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "late")));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => FinishAsync(lease, status == ExecutionStatus.Completed ? ExecutionStatus.Failed : ExecutionStatus.Completed));
        (await Plane.Workers.ClaimAsync(Worker, Code, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Finish_TheSameAgain_IsTakenForARepeatedCall()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease);
        var first = await FindAsync(lease.ExecutionId);
        Time.Advance(TimeSpan.FromSeconds(1));

        await FinishAsync(lease);

        (await FindAsync(lease.ExecutionId)).EndedAt.ShouldBe(first.EndedAt);
    }

    [Theory]
    [InlineData(ExecutionStatus.Queued)]
    [InlineData(ExecutionStatus.Running)]
    [InlineData(ExecutionStatus.Waiting)]
    [InlineData(ExecutionStatus.Sleeping)]
    public async Task Finish_WithAStatusThatIsNoEnd_IsAUsageError(ExecutionStatus status)
    {
        var lease = await HeldAsync();

        await Should.ThrowAsync<KitaruUsageException>(() => FinishAsync(lease, status));
    }

    [Fact]
    public async Task Cancel_Queued_EndsItAtOnce()
    {
        var id = (await CreateAsync()).Id;

        var record = await Plane.Executions.CancelAsync(id);

        record.Status.ShouldBe(ExecutionStatus.Cancelled);
        record.EndedAt.ShouldBe(Time.Now);
        (await Plane.Workers.ClaimAsync(Worker, Code, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancel_Running_FencesAndTellsTheWorker()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("a", "a", null, 1, Time.Now)]);

        await Plane.Executions.CancelAsync(lease.ExecutionId);

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "a")));
        var signal = (await Plane.Workers.ReadSignalsAsync([lease])).ShouldHaveSingleItem();
        (signal.Lost, signal.Cancelled).ShouldBe((true, true));
        var call = (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls.ShouldHaveSingleItem();
        call.Status.ShouldBe(ExecutionStatus.Cancelled);
        call.Attempts.ShouldHaveSingleItem().Interrupted.ShouldBeTrue();
        (await FindAsync(lease.ExecutionId)).CheckpointCount.ShouldBe(1);
    }

    [Fact]
    public async Task Cancel_Waiting_ClosesItsWaits()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        var record = await Plane.Executions.CancelAsync(lease.ExecutionId);

        record.PendingWaits.ShouldBeEmpty();
        (await Plane.Executions.GetAsync(lease.ExecutionId)).Waits.ShouldHaveSingleItem().Status.ShouldBe(WaitStatus.Closed);
        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "me"));
        error.Message.ShouldContain("cancelled");
    }

    [Fact]
    public async Task Cancel_Sleeping_EndsIt()
    {
        var lease = await HeldAsync();
        await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddDays(1));

        (await Plane.Executions.CancelAsync(lease.ExecutionId)).RunnableAt.ShouldBeNull();
    }

    [Fact]
    public async Task Cancel_CancelledAlready_GivesItBackUnchanged()
    {
        var id = (await CreateAsync()).Id;
        var first = await Plane.Executions.CancelAsync(id);
        Time.Advance(TimeSpan.FromMinutes(1));

        var second = await Plane.Executions.CancelAsync(id);

        second.EndedAt.ShouldBe(first.EndedAt);
        second.Epoch.ShouldBe(first.Epoch);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, "kitaru_executions_get")]
    [InlineData(ExecutionStatus.Failed, "kitaru_executions_retry")]
    public async Task Cancel_EndedOtherwise_IsRefusedWithANextStep(ExecutionStatus status, string next)
    {
        var lease = await HeldAsync();
        await FinishAsync(lease, status);

        var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.CancelAsync(lease.ExecutionId));

        error.NextStep!.ShouldContain(next);
        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(status);
    }

    [Fact]
    public async Task Cancel_Unknown_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Executions.CancelAsync(new ExecutionId(NewId())));

    [Fact]
    public async Task Resume_DelayedRetry_RunsItNow()
    {
        var lease = await HeldAsync();
        await ReleaseAsync(lease, ExecutionStatus.Queued, Time.Now.AddHours(1));
        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldBeEmpty();

        (await Plane.Executions.ResumeAsync(lease.ExecutionId)).ShouldBeTrue();

        (await Plane.Workers.ClaimAsync(Worker, Code, 1)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Resume_NothingToDo_IsFalse()
    {
        var id = (await CreateAsync()).Id;
        (await Plane.Executions.ResumeAsync(id)).ShouldBeFalse();
        await ClaimAsync(id);
        (await Plane.Executions.ResumeAsync(id)).ShouldBeFalse();
    }

    [Fact]
    public async Task Resume_WithAPendingWait_IsRefusedNamingIt()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");

        (await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.ResumeAsync(lease.ExecutionId))).Message.ShouldContain("'approve'");
    }

    [Fact]
    public async Task Resume_Ended_IsRefused()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease);

        await Should.ThrowAsync<KitaruStateException>(() => Plane.Executions.ResumeAsync(lease.ExecutionId));
    }
}

public sealed class SqliteEndTests() : EndSuite(new SqliteUnderTest());
