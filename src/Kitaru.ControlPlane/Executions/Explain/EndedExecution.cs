using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane;

/// <summary>What is said of an execution that has ended.</summary>
internal static class EndedExecution
{
    private const int SummaryCharsMax = 400;

    public static Said Explain(ExplainFacts facts) => facts.Execution.Status switch
    {
        ExecutionStatus.Completed => Completed(facts),
        ExecutionStatus.Cancelled => Cancelled(facts),
        _ when facts.Execution.Failure is { Divergence: not null } or { Origin: FailureOrigin.Divergence } => Diverged(facts),
        _ when facts.Execution.Failure?.ExceptionType == Failure.Poisoned => Poisoned(facts),
        _ => Failed(facts),
    };

    private static Said Completed(ExplainFacts facts)
    {
        var execution = facts.Execution;
        return new Said(
            Situation.Completed,
            $"It completed at {WireTime.Text(execution.EndedAt)} after {execution.CheckpointCount} checkpoint calls"
                + (execution.Result is null ? "; its flow returned nothing." : "; its result is there."),
            Times(facts).Add("result_size_bytes", execution.Result?.SizeBytes).Add("retries_used", execution.RetriesUsed > 0 ? execution.RetriesUsed : null)
                .Add("takeovers", execution.Takeovers > 0 ? execution.Takeovers : null).AddLines("last_warnings", facts.Troubles),
            [
                execution.Result is null ? null : NextCalls.Result(execution, "Its result."),
                NextCalls.Get(execution, "Its checkpoints, artifacts and inputs."),
            ]);
    }

    private static Said Cancelled(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var aborted = facts.Detail.Waits.LastOrDefault(wait => wait.Status == WaitStatus.Aborted);
        var before = ExplainFacts.CompletedBefore(facts.Detail, null);
        return new Said(
            Situation.Cancelled,
            aborted is null
                ? $"It was {Texts.Short(execution.StatusReason ?? "cancelled")} at {WireTime.Text(execution.EndedAt)}; it records nothing more and cannot be retried."
                : $"Its wait '{Texts.Short(aborted.Name)}' was aborted by {Texts.Short(aborted.ResolvedBy ?? "somebody")} and the flow did not catch that: it ended cancelled at {WireTime.Text(execution.EndedAt)}.",
            Times(facts).AddText("reason", execution.StatusReason).AddWait("aborted_wait", aborted)
                .AddCalls("cut_off_checkpoints", [.. facts.Detail.Calls.Where(call => call.Status == ExecutionStatus.Cancelled)])
                .AddCall("last_completed_checkpoint", before).AddLines("last_lines", facts.Lines),
            [
                before is null ? null : NextCalls.Replay(execution, before.Name, "A new execution that reuses what was recorded before this checkpoint and runs the rest."),
                NextCalls.RunAnew(execution, "The same flow with the same inputs, from the start."),
                NextCalls.RunnerLogs(execution, "Who and what had to do with it."),
            ]);
    }

    private static Said Failed(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var failure = execution.Failure;
        var failed = ExplainFacts.FailedCall(facts.Detail);
        var (situation, whose) = failure?.Origin switch
        {
            FailureOrigin.UserCode => (Situation.FailedInUserCode, failed is null ? "in the flow's own code, outside of any checkpoint" : "in the checkpoint's own code"),
            FailureOrigin.Backend => (Situation.FailedInBackend, "because the store failed"),
            FailureOrigin.Runtime => (Situation.FailedInRuntime, "in Kitaru's runtime, not in what the flow's code threw"),
            _ => (Situation.FailedInRuntime, "for a reason whose origin is not known"),
        };
        var where = failed is null ? "" : $" at checkpoint '{Texts.Short(failed.Name)}'"
            + (failed.Attempts.Count > 1 ? $" after {failed.Attempts.Count} attempts" : "");
        var evidence = Times(facts).AddFailure(failure).AddCall("failed_checkpoint", failed)
            .AddCall("last_completed_checkpoint", ExplainFacts.CompletedBefore(facts.Detail, failed))
            .Add("flow_retries", execution.Retries > 0 ? $"{execution.RetriesUsed} of {execution.Retries} used" : null)
            .AddLines("last_lines_of_failed_checkpoint", facts.FailedCallLines).AddLines("last_warnings", facts.Troubles);
        return new Said(
            situation,
            $"It failed{where}, {whose}: {Texts.Clip(failure?.Message ?? execution.StatusReason ?? "no message", SummaryCharsMax)}",
            evidence,
            [
                situation == Situation.FailedInBackend ? NextCalls.Status("Whether the store works now.") : null,
                NextCalls.Logs(execution, failed, failed is null ? "What it logged before it failed." : "What the failing checkpoint logged before it failed."),
                situation == Situation.FailedInUserCode ? null : NextCalls.RunnerLogs(execution, "What the worker said."),
                .. GoOn(facts, failed),
            ]);
    }

    private static Said Poisoned(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var killers = facts.Detail.Calls.Where(call => call is { Status: ExecutionStatus.Failed, Attempts: [.., { Interrupted: true }] }).ToList();
        return new Said(
            Situation.Poisoned,
            $"It was given up because its worker process died over it again and again: {Texts.Clip(execution.Failure!.Message, SummaryCharsMax)} "
                + "Look for what ends a process: a stack overflow, Environment.FailFast, an exception on a thread of its own, memory.",
            Times(facts).AddFailure(execution.Failure).Add("takeovers", execution.Takeovers).AddCalls("running_when_it_died", killers)
                .AddCall("last_completed_checkpoint", ExplainFacts.CompletedBefore(facts.Detail, killers.FirstOrDefault()))
                .AddLines("last_words", facts.Troubles),
            [NextCalls.RunnerLogs(execution, "The last words of the workers that died."), .. GoOn(facts, killers.FirstOrDefault())]);
    }

    private static Said Diverged(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var sides = execution.Failure!.Divergence;
        var before = sides?.LastAgreed;
        return new Said(
            Situation.Diverged,
            $"Its code no longer asks for what was recorded: {Texts.Clip(execution.Failure.Message, SummaryCharsMax)} "
                + "Either the code was changed, or it is not deterministic between checkpoints.",
            Times(facts).AddText("recorded", sides?.Recorded).AddText("present", sides?.Present).AddText("last_agreed_checkpoint", before)
                .AddFailure(execution.Failure).Add("snapshot_id", execution.Snapshot.Value),
            [
                NextCalls.Retry(execution, "Goes on with the code it was recorded with: right when changed code is the reason."),
                before is null ? null : NextCalls.Replay(execution, before, "A new execution on present code that reuses what was recorded before the last checkpoint both sides agree on."),
                NextCalls.RunAnew(execution, "The same flow with the same inputs, from the start, on present code."),
            ]);
    }

    /// <summary>How a failed execution can go on.</summary>
    private static IEnumerable<NextCall?> GoOn(ExplainFacts facts, CallRecord? failed)
    {
        var execution = facts.Execution;
        var isProgram = execution.Snapshot.IsProgram;
        yield return NextCalls.Retry(execution, isProgram
            ? "Goes on under the same id in the program it belongs to, with the code that has then; completed checkpoints are not run again."
            : "Goes on under the same id with the same code; completed checkpoints are not run again. Right when the reason has passed.");
        if (!isProgram && execution.Source is not null)
            yield return NextCalls.RetryWithPresentCode(execution, "After the code was fixed: goes on under the same id with the code as it is now.");
        if ((ExplainFacts.CompletedBefore(facts.Detail, failed) ?? failed) is { } from)
        {
            yield return NextCalls.Replay(execution, from.Name, from == failed
                ? "A new execution that runs from the failing checkpoint on."
                : "A new execution that reuses what was recorded and runs from the checkpoint before the failing one on.");
        }
    }

    private static EvidenceList Times(ExplainFacts facts) => new EvidenceList()
        .AddTime("started_at", facts.Execution.StartedAt).AddTime("ended_at", facts.Execution.EndedAt);
}
