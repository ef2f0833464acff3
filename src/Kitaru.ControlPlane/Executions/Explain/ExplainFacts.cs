using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>A registered worker, as far as it can be judged from here.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="SeenAt">When it was last heard of.</param>
/// <param name="IsGone">Its process is known dead.</param>
internal sealed record SeenWorker(WorkerRecord Worker, DateTimeOffset SeenAt, bool IsGone);

/// <summary>Everything an explanation rests on, as of about one moment.</summary>
/// <param name="Detail">The execution with its calls and waits.</param>
/// <param name="Workers">All registered workers.</param>
/// <param name="Ready">How many executions of the same code are ready to run, this one included.</param>
/// <param name="Troubles">The newest warnings and errors, oldest first.</param>
/// <param name="Lines">The newest lines of any kind, oldest first.</param>
/// <param name="FailedCallLines">The newest lines of the failed call, oldest first.</param>
/// <param name="LeaseDuration">How long a worker may be silent.</param>
/// <param name="Now">The moment.</param>
internal sealed record ExplainFacts(
    ExecutionDetail Detail,
    IReadOnlyList<SeenWorker> Workers,
    int Ready,
    IReadOnlyList<LogEntry> Troubles,
    IReadOnlyList<LogEntry> Lines,
    IReadOnlyList<LogEntry> FailedCallLines,
    TimeSpan LeaseDuration,
    DateTimeOffset Now)
{
    public ExecutionRecord Execution => Detail.Execution;

    /// <summary>Calls that are at work right now, as far as that was announced.</summary>
    public IReadOnlyList<CallRecord> AtWork { get; } =
        [.. Detail.Calls.Where(call => call is { Status: ExecutionStatus.Running, Attempts: [.., { Status: ExecutionStatus.Running }] })];

    /// <summary>Calls whose last attempt failed by itself and that will be tried again.</summary>
    public IReadOnlyList<CallRecord> BetweenAttempts { get; } =
        [.. Detail.Calls.Where(call => call is { Status: ExecutionStatus.Running, Attempts: [.., { Status: ExecutionStatus.Failed, Interrupted: false }] })];

    public SeenWorker? Owner => Workers.FirstOrDefault(worker => worker.Worker.Id == Execution.Owner);

    /// <summary>Living workers that have this execution's code.</summary>
    public IReadOnlyList<SeenWorker> Serving => [.. Workers.Where(worker => worker.Worker.Snapshot == Execution.Snapshot && !IsLost(worker))];

    public bool OwnerIsLost => Execution.Owner is not null && (Owner is not { } owner || IsLost(owner));

    /// <summary>When something was last recorded or logged.</summary>
    public DateTimeOffset LastProgress
    {
        get
        {
            var moments = Detail.Calls.SelectMany(call => call.Attempts).Select(attempt => attempt.EndedAt ?? attempt.StartedAt)
                .Concat(Detail.Calls.Select(call => call.EndedAt ?? call.StartedAt))
                .Concat(Detail.Waits.Select(wait => wait.ResolvedAt ?? wait.EnteredAt))
                .Concat(Lines.Select(line => line.Timestamp));
            return moments.Append(Execution.StartedAt ?? Execution.CreatedAt).Max();
        }
    }

    /// <summary>The call an execution failed over: what its failure names, else the last one that failed or died with its worker.</summary>
    public static CallRecord? FailedCall(ExecutionDetail detail)
    {
        if (detail.Execution is not { Status: ExecutionStatus.Failed, Failure: { } failure })
            return null;
        var failed = detail.Calls.Where(call => call.Status == ExecutionStatus.Failed).ToList();
        if (failed.LastOrDefault(call => failure.CausedBy.Contains(call.Name, StringComparer.Ordinal)) is { } named)
            return named;
        // Thrown in the body, or by the engine for a call that it names in words only.
        return failure.Origin == FailureOrigin.UserCode ? null : failed.LastOrDefault();
    }

    /// <summary>The last completed call before the given one, or of all when it is null.</summary>
    public static CallRecord? CompletedBefore(ExecutionDetail detail, CallRecord? call)
    {
        var completed = detail.Calls.Where(other => other.Status == ExecutionStatus.Completed).ToList();
        if (call is null)
            return completed.MaxBy(other => other.EndedAt);
        return completed.LastOrDefault(other => call.Parents.Contains(other.Id))
            ?? completed.Where(other => other.EndedAt <= call.StartedAt).MaxBy(other => other.EndedAt);
    }

    private bool IsLost(SeenWorker worker) => worker.IsGone || Now - worker.SeenAt > LeaseDuration;
}
