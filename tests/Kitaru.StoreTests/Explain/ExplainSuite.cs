using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.StoreTests.Explain;

/// <summary>Each situation made for real, by the moves of clients and workers.</summary>
public abstract class ExplainSuite : StoreSuite
{
    private protected ExplainSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Explain_NoSuchExecution_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Executions.ExplainAsync(new ExecutionId(NewId())));

    [Fact]
    public async Task Explain_Queued_SaysWhetherAnybodyServesItsCode()
    {
        var id = (await CreateAsync()).Id;

        var alone = await ExplainAsync(id, Situation.QueuedWithoutWorker, "no worker of its code is alive");
        alone.Next.Select(call => call.Tool).ShouldContain("get_execution_logs");

        await RegisterAsync(ProcessIdentities.Current() with { StartedAtTicks = 1 });
        await ExplainAsync(id, Situation.QueuedWithoutWorker);
        var worker = await RegisterAsync(ProcessIdentities.Current());
        var served = await ExplainAsync(id, Situation.Queued, "one is alive");
        Value(served, "workers_of_this_code").AsArray().ShouldHaveSingleItem()!["worker_id"]!.ToString().ShouldBe(worker.Id.ToString());
        ((int)Value(served, "ready_executions_of_this_code")!).ShouldBe(1);

        Time.Advance(Plane.Workers.LeaseDuration * 2);
        await ExplainAsync(id, Situation.QueuedWithoutWorker);
    }

    [Fact]
    public async Task Explain_QueuedForAProgramThatDoesNotRun_NamesTheProgram()
    {
        var created = await Plane.Executions.CreateAsync(New() with { Snapshot = SnapshotId.ForProgram("Shop.Orders") });

        var explained = await ExplainAsync(created.Id, Situation.QueuedWithoutWorker, "the program it belongs to (Shop.Orders) does not run");
        explained.Next.ShouldAllBe(call => call.Tool != "get_execution_logs");
    }

    [Fact]
    public async Task Explain_PutBackForLater_SaysWhenAndWhy_AndResumeHurriesIt()
    {
        var lease = await HeldAsync();
        var later = Time.Now.AddMinutes(1);
        await Plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, "A worker ended with exit code 3.", later));

        var explained = await ExplainAsync(lease.ExecutionId, Situation.QueuedWithoutWorker, "exit code 3");
        Value(explained, "tried_again_at").ToString().ShouldBe(WireTime.Text(later));
        explained.Next.Select(call => call.Tool).ShouldContain("kitaru_executions_resume");

        (await Plane.Executions.ResumeAsync(lease.ExecutionId)).ShouldBeTrue();
        (await ExplainAsync(lease.ExecutionId, Situation.QueuedWithoutWorker)).Next.Select(call => call.Tool).ShouldNotContain("kitaru_executions_resume");
    }

    [Fact]
    public async Task Explain_Waiting_ShowsQuestionAndTheCallThatAnswers()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve", """{"type":"boolean"}""");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);

        var explained = await ExplainAsync(lease.ExecutionId, Situation.WaitingForInput, "'approve'");
        Value(explained, "pending_wait")["question"]!.ToString().ShouldBe("Go on?");
        var input = explained.Next[0];
        (input.Tool, input.Arguments["wait"]!.ToString()).ShouldBe(("kitaru_executions_input", "approve"));
        input.Why.ShouldContain("true");
        explained.Next[1].Tool.ShouldBe("kitaru_executions_abort_wait");

        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "tester");
        await ExplainAsync(lease.ExecutionId, Situation.QueuedWithoutWorker);
    }

    [Fact]
    public async Task Explain_WaitingWhileACheckpointRuns_SaysBoth()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("draft", "draft", null, 1, Time.Now)]);

        var explained = await ExplainAsync(lease.ExecutionId, Situation.WaitingForInput, "'draft' runs");
        Value(explained, "running_checkpoints")[0]!["name"]!.ToString().ShouldBe("draft");
    }

    [Fact]
    public async Task Explain_Sleeping_UntilItIsOver_ThenQueued()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddHours(5));

        var explained = await ExplainAsync(lease.ExecutionId, Situation.Sleeping, "for another 5 hours");
        Value(explained, "last_completed_checkpoint")["name"]!.ToString().ShouldBe("prepare");

        Time.Advance(TimeSpan.FromHours(6));
        await ExplainAsync(lease.ExecutionId, Situation.QueuedWithoutWorker);
    }

    [Fact]
    public async Task Explain_CheckpointBetweenAttempts_HeldAndLetGo()
    {
        var lease = await ServedAsync();
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("fetch", "fetch", 1, false, Time.Now, Time.Now, Boom, null));

        (await ExplainAsync(lease.ExecutionId, Situation.RetryBackoff, "'fetch' failed in attempt 1")).Next[0].Arguments["checkpoint"]!.ToString().ShouldBe("fetch");

        await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddMinutes(10));
        var resting = await ExplainAsync(lease.ExecutionId, Situation.RetryBackoff, WireTime.Text(Time.Now.AddMinutes(10)));
        Value(resting, "failure")["message"]!.ToString().ShouldBe(Boom.Message);
    }

    [Fact]
    public async Task Explain_FailedAttemptsLongAgo_WhileTheBodyRuns_IsNoBackoff()
    {
        var lease = await ServedAsync();
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("fetch", "fetch", 1, false, Time.Now, Time.Now, Boom, null));
        Time.Advance(TimeSpan.FromSeconds(20));
        await Plane.Workers.RenewAsync(lease.Owner, [lease]);

        await ExplainAsync(lease.ExecutionId, Situation.Running, "'fetch' will be tried again");
    }

    [Fact]
    public async Task Explain_Running_NamesCallsAndProgress_AndLongSilence()
    {
        var lease = await ServedAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("fetch", "fetch", null, 1, Time.Now)]);
        Time.Advance(TimeSpan.FromSeconds(5));

        var explained = await ExplainAsync(lease.ExecutionId, Situation.Running, "It runs 'fetch', the oldest for 5 seconds");
        Value(explained, "worker")["process_id"]!.GetValue<int>().ShouldBe(Environment.ProcessId);
        ((int)Value(explained, "checkpoints_so_far")!).ShouldBe(2);

        Time.Advance(TimeSpan.FromMinutes(30));
        await Plane.Workers.RenewAsync(lease.Owner, [lease]);
        await ExplainAsync(lease.ExecutionId, Situation.NoProgress, "for 30 minutes");

        await Plane.Logs.AppendAsync(lease.ExecutionId, [new LogEntry { Message = "still here", Level = "INFO", Timestamp = Time.Now }]);
        Value(await ExplainAsync(lease.ExecutionId, Situation.Running), "last_lines").ToJsonString().ShouldContain("still here");
    }

    [Fact]
    public async Task Explain_WorkerSilentOrDead_IsLost_AndTakenOver()
    {
        var lease = await ServedAsync();
        Time.Advance(Plane.Workers.LeaseDuration + TimeSpan.FromSeconds(1));
        await ExplainAsync(lease.ExecutionId, Situation.WorkerLost, "has not been heard of");

        await Plane.Workers.ReapAsync();
        var taken = await ExplainAsync(lease.ExecutionId, Situation.QueuedWithoutWorker, "taken over");
        ((int)Value(taken, "takeovers")!).ShouldBe(1);

        var dead = await RegisterAsync(ProcessIdentities.Current() with { StartedAtTicks = 1 });
        await ClaimAsync(lease.ExecutionId, dead.Id);
        await ExplainAsync(lease.ExecutionId, Situation.WorkerLost, "has died");
    }

    [Fact]
    public async Task Explain_FailedCheckpoint_FillsInWhereToGoOn()
    {
        var lease = (await ClaimAsync((await Plane.Executions.CreateAsync(New() with { Source = "/flows/Shop.cs:greet" })).Id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        Time.Advance(TimeSpan.FromSeconds(1));
        await Plane.Journal.AppendAsync(lease, FailedEntry(2, "fetch"));
        await Plane.Logs.AppendAsync(lease.ExecutionId, [new LogEntry { Message = "about to break", Checkpoint = "fetch", Timestamp = Time.Now }]);
        await Plane.Journal.FinishAsync(lease, new Outcome(
            ExecutionStatus.Failed, Boom.Message, null, Boom with { CausedBy = ["fetch"], Traceback = "at System.X()\n   at Shop.Fetch() in Shop.cs:line 3" }, null));

        var explained = await ExplainAsync(lease.ExecutionId, Situation.FailedInUserCode, "at checkpoint 'fetch'");
        Value(explained, "failed_checkpoint")["failure"]!.ToString().ShouldBe(Boom.Message);
        Value(explained, "failure")["thrown_at"]![0]!.ToString().ShouldBe("at Shop.Fetch() in Shop.cs:line 3");
        Value(explained, "last_lines_of_failed_checkpoint").ToJsonString().ShouldContain("about to break");
        explained.Next.Select(call => $"{call.Tool}:{call.Arguments["checkpoint"] ?? call.Arguments["code"] ?? call.Arguments["from_"]}").ShouldBe(
            ["get_execution_logs:fetch", "kitaru_executions_retry:recorded", "kitaru_executions_retry:current", "kitaru_executions_replay:prepare"]);
    }

    [Fact]
    public async Task Explain_FailedInTheBody_GoesOnFromTheLastCheckpoint()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        await FinishAsync(lease, ExecutionStatus.Failed);

        var explained = await ExplainAsync(lease.ExecutionId, Situation.FailedInUserCode, "outside of any checkpoint");
        explained.Next[^1].Arguments["from_"]!.ToString().ShouldBe("prepare");
    }

    [Theory]
    [InlineData(FailureOrigin.Runtime, Situation.FailedInRuntime)]
    [InlineData(FailureOrigin.Backend, Situation.FailedInBackend)]
    public async Task Explain_FailedElsewhere_SaysWhoIsToBlame(FailureOrigin origin, Situation situation)
    {
        var lease = await HeldAsync();
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Failed, "no", null, new Failure("no", null, null, origin), null));

        (await ExplainAsync(lease.ExecutionId, situation)).Next.ShouldContain(call => call.Tool == "get_execution_logs" && call.Arguments["source"] != null);
    }

    [Fact]
    public async Task Explain_Diverged_ShowsBothSides()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        var failure = new Failure("diverged", "Kitaru.KitaruDivergenceException", null, FailureOrigin.Divergence)
        {
            Divergence = new DivergenceSides("checkpoint 'fetch' (number 2)", "it waits for 'load'", "prepare"),
        };
        await Plane.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Failed, "diverged", null, failure, null));

        var explained = await ExplainAsync(lease.ExecutionId, Situation.Diverged);
        Value(explained, "recorded").ToString().ShouldContain("fetch");
        Value(explained, "present").ToString().ShouldContain("load");
        explained.Next.Single(call => call.Tool == "kitaru_executions_replay").Arguments["from_"]!.ToString().ShouldBe("prepare");
    }

    [Fact]
    public async Task Explain_KilledItsWorkersAgainAndAgain_IsPoisoned()
    {
        var id = (await CreateAsync()).Id;
        for (var death = 1; death <= 5; death++)
        {
            var dead = await RegisterAsync(ProcessIdentities.Current() with { StartedAtTicks = 1 });
            var lease = (await ClaimAsync(id, dead.Id)).Lease;
            await Plane.Journal.AnnounceAsync(lease, [new RunningCall("overflow", "overflow", null, death, Time.Now)]);
            await Plane.Workers.ReapAsync();
        }

        (await FindAsync(id)).Failure!.ExceptionType.ShouldBe(Failure.Poisoned);
        var explained = await ExplainAsync(id, Situation.Poisoned, "died 5 times in a row");
        var killer = Value(explained, "running_when_it_died")[0]!;
        (killer["name"]!.ToString(), (int)killer["interrupted_attempts"]!).ShouldBe(("overflow", 5));
        explained.Next[0].Arguments["source"]!.ToString().ShouldBe("runner");
    }

    [Fact]
    public async Task Explain_Cancelled_ByACallAndByAnAbort()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "prepare"));
        await Plane.Executions.CancelAsync(lease.ExecutionId, "mcp:tester");
        (await ExplainAsync(lease.ExecutionId, Situation.Cancelled, "It was cancelled by mcp:tester at")).Next[0].Arguments["from_"]!.ToString().ShouldBe("prepare");

        var asking = await HeldAsync();
        await OpenWaitAsync(asking, "approve");
        await Plane.Waits.AbortAsync(asking.ExecutionId, "approve", "mcp:tester");
        await FinishAsync(asking, ExecutionStatus.Cancelled);
        await ExplainAsync(asking.ExecutionId, Situation.Cancelled, "aborted by mcp:tester");
    }

    [Fact]
    public async Task Explain_Completed_PointsToTheResult()
    {
        var lease = await HeldAsync();
        await FinishAsync(lease);

        var explained = await ExplainAsync(lease.ExecutionId, Situation.Completed);
        explained.Next[0].Arguments["artifact_id"]!.ToString().ShouldBe($"{lease.ExecutionId}:result");
    }

    [Fact]
    public void Situations_EachHasAWord() =>
        ExplanationJson.Situations.ShouldBe(
        [
            "waiting_for_input", "queued", "queued_without_worker", "sleeping", "retry_backoff", "running", "no_progress", "worker_lost",
            "failed_in_user_code", "failed_in_runtime", "failed_in_backend", "diverged", "poisoned", "cancelled", "completed",
        ]);

    private static JsonNode Value(Explanation explanation, string what) =>
        explanation.Evidence.First(item => item.What == what).Value.ShouldNotBeNull();

    private async Task<Explanation> ExplainAsync(ExecutionId id, Situation situation, string says = "")
    {
        var explained = await Plane.Executions.ExplainAsync(id);
        explained.Situation.ShouldBe(situation, explained.Summary);
        explained.Summary.ShouldContain(says);
        explained.Next.ShouldNotBeEmpty();
        return explained;
    }

    private async Task<WorkerRecord> RegisterAsync(ProcessIdentity process)
    {
        var worker = new WorkerRecord { Id = NewWorker(), Snapshot = Code, Process = process, StartedAt = Time.Now };
        await Plane.Workers.RegisterAsync(worker);
        return worker;
    }

    /// <summary>In the hands of a worker that lives.</summary>
    private async Task<Lease> ServedAsync() => (await ClaimAsync((await CreateAsync()).Id, (await RegisterAsync(ProcessIdentities.Current())).Id)).Lease;
}

public sealed class SqliteExplainTests() : ExplainSuite(new SqliteUnderTest());
