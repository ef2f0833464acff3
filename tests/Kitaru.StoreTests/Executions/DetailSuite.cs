using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class DetailSuite : StoreSuite
{
    private protected DetailSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Get_RecordedCall_HasItsAttemptsParentsAndArtifacts()
    {
        var lease = await HeldAsync("triage");
        var saved = new ArtifactId(NewId());
        await Plane.Journal.AppendAsync(lease, Entry(1, "first"));
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("second", "second", 1, false, Time.Now, Time.Now.AddSeconds(1), Boom, null));
        await Plane.Journal.AppendAsync(lease, Entry(2, "second", "\"reply\"") with
        {
            Type = "llm_call",
            Attempt = 2,
            Parents = ["first"],
            EndedAt = Time.Now.AddSeconds(3),
            Metadata = new() { ["k"] = 1 },
            Artifacts = [new NewArtifact(saved, "evidence", "context", Json("{\"rows\":3}"), ["t"])],
        });

        var detail = await Plane.Executions.GetAsync(lease.ExecutionId);

        var (first, second) = (detail.Calls[0], detail.Calls[1]);
        second.Name.ShouldBe("second");
        second.Status.ShouldBe(ExecutionStatus.Completed);
        second.Parents.ShouldBe([first.Id]);
        second.Attempts.Select(attempt => attempt.Status).ShouldBe([ExecutionStatus.Failed, ExecutionStatus.Completed]);
        second.Attempts[0].Failure!.Message.ShouldBe("It broke.");
        second.Attempts[1].Id.ShouldBe(second.Id.Value);
        second.Attempts[0].Id.ShouldNotBe(second.Id.Value);
        second.Metadata["k"]!.GetValue<int>().ShouldBe(1);
        second.Failure.ShouldBeNull();
        var (evidence, output) = (second.Artifacts[0], second.Artifacts[1]);
        (evidence.Id, evidence.Name, evidence.Kind, evidence.SaveType, evidence.ProducingCall).ShouldBe((saved, "evidence", "context", "manual", "second"));
        evidence.Metadata["kitaru_artifact_type"]!.ToString().ShouldBe("context");
        (output.Id.Value, output.Name, output.Kind, output.SaveType).ShouldBe((second.Id.Value, "triage::second::output", "response", "step_output"));
        detail.Artifacts.Select(artifact => artifact.Name).ShouldBe(["triage::first::output", "evidence", "triage::second::output"]);
    }

    [Fact]
    public async Task Get_FailedAndRunningCalls_SaySo()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, FailedEntry(1, "a"));
        Time.Advance(TimeSpan.FromSeconds(1));
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("b", "b", "tool_call", 1, Time.Now)]);

        var calls = (await Plane.Executions.GetAsync(lease.ExecutionId)).Calls;

        calls.Select(call => (call.Name, call.Status)).ShouldBe([("a", ExecutionStatus.Failed), ("b", ExecutionStatus.Running)]);
        calls[0].Failure!.Origin.ShouldBe(FailureOrigin.UserCode);
        calls[0].Artifacts.ShouldBeEmpty();
        calls[1].EndedAt.ShouldBeNull();
        calls[1].Type.ShouldBe("tool_call");
    }

    [Fact]
    public async Task Get_WaitsAndSleeps_AreNoCalls()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "nap") with { Kind = JournalKind.Sleep, Value = null });
        await OpenWaitAsync(lease, "approve");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", 1, "me");
        await Plane.Journal.AppendAsync(lease, Entry(2, "approve") with { Kind = JournalKind.Wait });

        var detail = await Plane.Executions.GetAsync(lease.ExecutionId);

        detail.Calls.ShouldBeEmpty();
        detail.Artifacts.ShouldBeEmpty();
        detail.Waits.ShouldHaveSingleItem().Status.ShouldBe(WaitStatus.Answered);
        (await FindAsync(lease.ExecutionId)).CheckpointCount.ShouldBe(0);
    }
}

public sealed class SqliteDetailTests() : DetailSuite(new SqliteUnderTest());
