using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>What a client may want to do to an execution.</summary>
internal enum ExecutionOperation
{
    Cancel,
    Retry,
    Resume,
    Input,
    AbortWait,
    Replay,
    Delete,
}

/// <summary>What becomes of the wish.</summary>
internal enum Verdict
{
    /// <summary>It is done.</summary>
    Done,

    /// <summary>It is so already: answered unchanged.</summary>
    Unchanged,

    /// <summary>A state error that names the state and the next call.</summary>
    Refused,
}

/// <summary>
/// The one table of what may be done to an execution in which state (runtime.md appendix E, and the last table of mcp-page.md where the two
/// differ). docs/operations.md shows it beside the contract's; a test keeps the two alike.
/// </summary>
internal static class ExecutionDecisions
{
    private const string Follow = "Follow it with kitaru_executions_get(exec_id, wait_seconds=50).";
    private const string Answer = "Answer it: kitaru_executions_input with exec_id, wait and value.";
    private const string SeeResult = "See its result with kitaru_executions_get, run it from some checkpoint on with kitaru_executions_replay, or start it anew with kitaru_executions_run.";
    private const string RetryIt = "Let it go on with kitaru_executions_retry, or run it from some checkpoint on with kitaru_executions_replay.";
    private const string ReplayIt = "Run it from some checkpoint on with kitaru_executions_replay, or start it anew with kitaru_executions_run.";
    private const string CancelFirst = "End it first with kitaru_executions_cancel, or wait for its end with kitaru_executions_get(exec_id, wait_seconds=50).";

    private static readonly Decision Done = new(Verdict.Done, null);
    private static readonly Decision Unchanged = new(Verdict.Unchanged, null);

    public static Decision Of(ExecutionOperation operation, ExecutionStatus status) => (operation, status) switch
    {
        (ExecutionOperation.Cancel, ExecutionStatus.Completed) => Refused(SeeResult),
        (ExecutionOperation.Cancel, ExecutionStatus.Failed) => Refused("Nothing runs any more. " + RetryIt),
        (ExecutionOperation.Cancel, ExecutionStatus.Cancelled) => Unchanged,
        (ExecutionOperation.Cancel, _) => Done,

        (ExecutionOperation.Retry, ExecutionStatus.Failed) => Done,
        (ExecutionOperation.Retry, ExecutionStatus.Waiting) => Refused(Answer),
        (ExecutionOperation.Retry, ExecutionStatus.Completed) => Refused(SeeResult),
        (ExecutionOperation.Retry, ExecutionStatus.Cancelled) => Refused(ReplayIt),
        (ExecutionOperation.Retry, _) => Refused("Nothing is to be retried. " + Follow),

        (ExecutionOperation.Resume, ExecutionStatus.Waiting) => Refused(Answer),
        (ExecutionOperation.Resume, ExecutionStatus.Completed) => Refused(SeeResult),
        (ExecutionOperation.Resume, ExecutionStatus.Failed) => Refused(RetryIt),
        (ExecutionOperation.Resume, ExecutionStatus.Cancelled) => Refused(ReplayIt),
        // One that only pauses before its next try goes on at once.
        (ExecutionOperation.Resume, ExecutionStatus.Queued) => Done,
        (ExecutionOperation.Resume, _) => Unchanged,

        (ExecutionOperation.Input or ExecutionOperation.AbortWait, ExecutionStatus.Waiting) => Done,
        (ExecutionOperation.Input or ExecutionOperation.AbortWait, ExecutionStatus.Completed) => Refused(SeeResult),
        (ExecutionOperation.Input or ExecutionOperation.AbortWait, ExecutionStatus.Failed) => Refused(RetryIt),
        (ExecutionOperation.Input or ExecutionOperation.AbortWait, ExecutionStatus.Cancelled) => Refused(ReplayIt),
        (ExecutionOperation.Input or ExecutionOperation.AbortWait, _) => Refused("It asks for nothing now. " + Follow),

        (ExecutionOperation.Replay, ExecutionStatus.Queued or ExecutionStatus.Running or ExecutionStatus.Sleeping) => Refused(CancelFirst),
        (ExecutionOperation.Replay, _) => Done,

        (ExecutionOperation.Delete, ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled) => Done,
        (ExecutionOperation.Delete, _) => Refused(CancelFirst),

        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    /// <summary>Refuses, or says whether there is something to do.</summary>
    /// <exception cref="KitaruStateException">The table says so.</exception>
    public static bool Check(ExecutionOperation operation, ExecutionRecord execution)
    {
        var decision = Of(operation, execution.Status);
        return decision.Verdict == Verdict.Refused ? throw Error(operation, execution, decision) : decision.Verdict == Verdict.Done;
    }

    private static KitaruStateException Error(ExecutionOperation operation, ExecutionRecord execution, Decision decision)
    {
        var since = execution.EndedAt is { } ended ? $" since {ended:O}" : "";
        var waits = execution.PendingWaits.Count == 0 ? "" : $" for {ExecutionService.Names(execution.PendingWaits)}";
        return new KitaruStateException(
            $"Execution {execution.Id} is {Word(execution.Status)}{since}{waits}; {Rule(operation)}.", decision.Next);
    }

    private static string Word(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Queued => "queued to run",
        ExecutionStatus.Sleeping => "running (asleep)",
        _ => PublicStatus.Word(status),
    };

    private static string Rule(ExecutionOperation operation) => operation switch
    {
        ExecutionOperation.Cancel => "only one that has not ended can be cancelled",
        ExecutionOperation.Retry => "only a failed one can be retried",
        ExecutionOperation.Resume => "only one that has not ended and waits for nothing can be resumed",
        ExecutionOperation.Input => "only one that waits takes an answer",
        ExecutionOperation.AbortWait => "only a wait that nobody has answered can be aborted",
        ExecutionOperation.Replay => "only one that waits or has ended can be replayed",
        _ => "only one that has ended can be deleted",
    };

    private static Decision Refused(string next) => new(Verdict.Refused, next);
}

/// <summary>A cell of the table.</summary>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Next">The next call, when it is refused.</param>
internal sealed record Decision(Verdict Verdict, string? Next);
