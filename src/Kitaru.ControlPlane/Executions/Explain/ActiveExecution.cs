using System.Globalization;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane;

/// <summary>What is said of an execution that has not ended.</summary>
internal static class ActiveExecution
{
    /// <summary>A run that holds its execution rests at most this long between two attempts; then it lets go and the status says so.</summary>
    private static readonly TimeSpan HeldBackoffMax = TimeSpan.FromSeconds(6);

    /// <summary>Nothing recorded or logged for so long is worth a word.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromMinutes(10);

    private const int WaitsMax = 5;

    public static Said Explain(ExplainFacts facts)
    {
        var execution = facts.Execution;
        return execution.Status switch
        {
            ExecutionStatus.Waiting when execution.PendingWaits.Count > 0 => Waiting(facts),
            ExecutionStatus.Sleeping when execution.RunnableAt > facts.Now => facts.BetweenAttempts.Count > 0 ? Backoff(facts) : Sleeping(facts),
            ExecutionStatus.Running when facts.OwnerIsLost => WorkerLost(facts),
            ExecutionStatus.Running when IsBackoff(facts) => Backoff(facts),
            ExecutionStatus.Running => Running(facts),
            _ => Queued(facts),
        };
    }

    private static Said Waiting(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var waits = execution.PendingWaits;
        var names = string.Join(", ", waits.Take(WaitsMax).Select(wait => $"'{Texts.Short(wait.Name)}'")) + (waits.Count > WaitsMax ? $" and {waits.Count - WaitsMax} more" : "");
        var summary = $"It waits for input on {names} since {WireTime.Text(waits[0].EnteredAt)} and goes on by itself once that is answered."
            + (facts.AtWork.Count > 0 ? $" Meanwhile {Names(facts.AtWork)} runs." : "")
            + ProgramNote(facts, " It goes on in the program that started it, which does not run now: that must be started as well.");
        var evidence = new EvidenceList();
        foreach (var wait in waits.Take(WaitsMax))
            evidence.AddWait("pending_wait", wait);
        evidence.AddCalls("running_checkpoints", facts.AtWork).AddTime("goes_on_at", execution.RunnableAt);
        return new Said(
            Situation.WaitingForInput, summary, evidence,
            [.. waits.Take(WaitsMax).Select(wait => NextCalls.Input(execution, wait)), NextCalls.AbortWait(execution, waits[0])]);
    }

    private static Said Sleeping(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var until = execution.RunnableAt!.Value;
        return new Said(
            Situation.Sleeping,
            $"It sleeps until {WireTime.Text(until)}, for another {Span(until - facts.Now)}, without holding a process, and goes on by itself."
                + ProgramNote(facts, " It goes on in the program that started it, which does not run now and must be started again by then."),
            new EvidenceList().AddTime("sleeps_until", until).AddCall("last_completed_checkpoint", ExplainFacts.CompletedBefore(facts.Detail, null)),
            [
                NextCalls.Follow(execution, "Answers early when it ends or asks for input."),
                NextCalls.Cancel(execution, "Only when the user does not want it any more: a sleep cannot be cut short."),
            ]);
    }

    private static bool IsBackoff(ExplainFacts facts) =>
        facts.AtWork.Count == 0 && facts.BetweenAttempts.Any(call => facts.Now - call.Attempts[^1].EndedAt <= HeldBackoffMax);

    private static Said Backoff(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var call = facts.BetweenAttempts[^1];
        var when = execution is { Status: ExecutionStatus.Sleeping, RunnableAt: { } at } ? $"at {WireTime.Text(at)}" : $"within {HeldBackoffMax.TotalSeconds:0} seconds";
        return new Said(
            Situation.RetryBackoff,
            $"Checkpoint '{Texts.Short(call.Name)}' failed in attempt {call.Attempts.Count} and rests before it is tried again by itself, {when}."
                + ProgramNote(facts, " That happens in the program that started it, which does not run now."),
            new EvidenceList().AddCalls("resting_checkpoints", facts.BetweenAttempts).AddTime("next_attempt_at", execution.RunnableAt)
                .AddFailure(call.Attempts[^1].Failure).AddLines("last_warnings", facts.Troubles),
            [
                NextCalls.Logs(execution, call, "What it logged before it failed."),
                NextCalls.Follow(execution, "Answers early when it ends or asks for input."),
                NextCalls.Cancel(execution, "Only when further attempts make no sense."),
            ]);
    }

    private static Said WorkerLost(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var how = facts.Owner switch
        {
            null => "is gone",
            { IsGone: true } => "has died",
            { SeenAt: var seen } => $"has not been heard of since {WireTime.Text(seen)}",
        };
        return new Said(
            Situation.WorkerLost,
            $"The worker that held it {how}. It goes on from its last recorded checkpoint as soon as it is taken over"
                + (execution.Snapshot.IsProgram ? ", which needs the program that started it to run again." : ", at the latest when the lease has run out."),
            new EvidenceList().AddWorker("worker", facts.Owner).Add("lease_seconds", facts.LeaseDuration.TotalSeconds)
                .AddCalls("running_checkpoints", facts.AtWork).Add("takeovers", execution.Takeovers).AddLines("last_warnings", facts.Troubles),
            [
                NextCalls.Follow(execution, "It is taken over by itself; this answers when it ends or asks for input."),
                NextCalls.RunnerLogs(execution, "What the worker said at last."),
            ]);
    }

    private static Said Running(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var quiet = facts.Now - facts.LastProgress;
        var isQuiet = quiet > QuietMax;
        var what = facts.AtWork.Count > 0
            ? $"It runs {Names(facts.AtWork)}, the oldest for {Span(facts.Now - facts.AtWork.Min(call => call.Attempts[^1].StartedAt))}."
            : facts.BetweenAttempts.Count > 0
                ? $"Its flow body runs, and {Names(facts.BetweenAttempts)} will be tried again."
                : "Its flow body runs, or a checkpoint that has only just begun.";
        var summary = isQuiet
            ? $"{what} Its worker is alive, but nothing was recorded or logged for {Span(quiet)}: it may be a long call, or hang."
            : $"{what} The last thing it recorded or logged was {Span(quiet)} ago.";
        return new Said(
            isQuiet ? Situation.NoProgress : Situation.Running,
            summary,
            new EvidenceList().AddCalls("running_checkpoints", facts.AtWork).AddCalls("failed_before", facts.BetweenAttempts)
                .AddTime("started_at", execution.StartedAt).AddTime("last_progress_at", facts.LastProgress)
                .Add("checkpoints_so_far", execution.CheckpointCount).AddWorker("worker", facts.Owner)
                .Add("takeovers", execution.Takeovers > 0 ? execution.Takeovers : null).AddLines("last_lines", facts.Lines),
            [
                NextCalls.Follow(execution, "Answers early when it ends or asks for input."),
                NextCalls.Logs(execution, facts.AtWork.Count == 1 ? facts.AtWork[0] : null, "What it printed last."),
                isQuiet ? NextCalls.Cancel(execution, "Only when the user is sure that it hangs: it ends as cancelled, for good.") : null,
            ]);
    }

    private static Said Queued(ExplainFacts facts)
    {
        var execution = facts.Execution;
        var later = execution.RunnableAt > facts.Now ? execution.RunnableAt : null;
        var evidence = new EvidenceList().AddText("reason", execution.StatusReason).AddTime("ready_since", later is null ? execution.RunnableAt : null)
            .AddTime("tried_again_at", later).AddWorkers("workers_of_this_code", facts.Serving)
            .Add("ready_executions_of_this_code", facts.Ready > 0 ? facts.Ready : null)
            .Add("snapshot_id", execution.Snapshot.Value).Add("takeovers", execution.Takeovers > 0 ? execution.Takeovers : null)
            .AddLines("last_warnings", facts.Troubles);
        var hurry = later is null ? null : NextCalls.Resume(execution, "Does not wait for that moment but lets it go on now.");
        if (facts.Serving.Count > 0)
        {
            var served = later is { } at
                ? $"It is put back until {WireTime.Text(at)}{Because(execution)} and then goes on by itself."
                : $"It is ready to run{Because(execution)} and stands in line for a worker of its code, of which {(facts.Serving.Count == 1 ? "one is" : $"{facts.Serving.Count} are")} alive.";
            return new Said(Situation.Queued, served, evidence, [NextCalls.Follow(execution, "Answers early when it ends or asks for input."), hurry]);
        }
        var summary = execution.Snapshot.IsProgram
            ? $"It is ready to run{Because(execution)}, but the program it belongs to ({Texts.Short(execution.Snapshot.Value[8..])}) does not run: nothing else can run it. It goes on when that program is started again."
            : later is { } then
                ? $"No worker of its code is alive. It is tried again at {WireTime.Text(then)}{Because(execution)}."
                : $"It is ready to run{Because(execution)}, but no worker of its code is alive. A running kitaru-mcp starts one by itself within seconds.";
        return new Said(Situation.QueuedWithoutWorker, summary, evidence,
        [
            NextCalls.Follow(execution, execution.Snapshot.IsProgram ? "After its program was started again: answers when it ends or asks for input." : "Answers early when it ends or asks for input."),
            execution.Snapshot.IsProgram ? null : NextCalls.RunnerLogs(execution, "When it stays so: why no worker could be started."),
            hurry,
            NextCalls.Cancel(execution, "Only when the user does not want it any more."),
        ]);
    }

    private static string Because(ExecutionRecord execution) =>
        execution.StatusReason is { Length: > 0 } reason && reason != "queued" ? $" ({Texts.Short(reason)})" : "";

    /// <summary>Only the program itself can run its flows.</summary>
    private static string ProgramNote(ExplainFacts facts, string note) => facts.Execution.Snapshot.IsProgram && facts.Serving.Count == 0 ? note : "";

    private static string Names(IReadOnlyList<CallRecord> calls)
    {
        var names = string.Join(", ", calls.Take(5).Select(call => $"'{Texts.Short(call.Name)}'"));
        return calls.Count > 5 ? $"{names} and {calls.Count - 5} more" : names;
    }

    private static string Span(TimeSpan span)
    {
        var (count, unit) = span.TotalSeconds switch
        {
            < 120 => (Math.Max(0, span.TotalSeconds), "second"),
            < 2 * 60 * 60 => (span.TotalMinutes, "minute"),
            < 2 * 24 * 60 * 60 => (span.TotalHours, "hour"),
            _ => (span.TotalDays, "day"),
        };
        var whole = (long)count;
        return string.Create(CultureInfo.InvariantCulture, $"{whole} {unit}{(whole == 1 ? "" : "s")}");
    }
}
