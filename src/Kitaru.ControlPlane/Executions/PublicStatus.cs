namespace Kitaru.ControlPlane;

/// <summary>The five words clients know (runtime.md 2.1): queued, running and sleeping are one.</summary>
internal static class PublicStatus
{
    public static ExecutionStatus Of(ExecutionStatus status) =>
        status is ExecutionStatus.Queued or ExecutionStatus.Sleeping ? ExecutionStatus.Running : status;

    public static string Word(ExecutionStatus status) => Of(status) switch
    {
        ExecutionStatus.Waiting => "waiting",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.Cancelled => "cancelled",
        _ => "running",
    };
}
