namespace Kitaru.ControlPlane;

/// <summary>The five words clients know (runtime.md 2.1): queued, running and sleeping are one.</summary>
internal static class PublicStatus
{
    /// <summary>All statuses that read as the same public word.</summary>
    public static IEnumerable<ExecutionStatus> Widen(ExecutionStatus status) =>
        status is ExecutionStatus.Queued or ExecutionStatus.Running or ExecutionStatus.Sleeping
            ? [ExecutionStatus.Queued, ExecutionStatus.Running, ExecutionStatus.Sleeping]
            : [status];

    public static string Word(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Waiting => "waiting",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.Cancelled => "cancelled",
        _ => "running",
    };
}
