namespace Kitaru.ControlPlane;

/// <summary>
/// The one table of legal moves between statuses. A trigger in every database refuses all others, and a test compares the two.
/// Who holds an execution (owner, epoch, lease) is a separate matter.
/// </summary>
internal static class ExecutionTransitions
{
    /// <summary>Where each status may go. A status that stays the same is no move.</summary>
    private static readonly Dictionary<ExecutionStatus, ExecutionStatus[]> Moves = new()
    {
        [ExecutionStatus.Queued] = [ExecutionStatus.Running, ExecutionStatus.Cancelled],
        [ExecutionStatus.Running] =
        [
            ExecutionStatus.Queued, ExecutionStatus.Sleeping, ExecutionStatus.Waiting,
            ExecutionStatus.Completed, ExecutionStatus.Failed, ExecutionStatus.Cancelled,
        ],
        [ExecutionStatus.Sleeping] = [ExecutionStatus.Running, ExecutionStatus.Cancelled],
        [ExecutionStatus.Waiting] =
        [
            ExecutionStatus.Queued, ExecutionStatus.Running,
            ExecutionStatus.Completed, ExecutionStatus.Failed, ExecutionStatus.Cancelled,
        ],
        [ExecutionStatus.Completed] = [],
        // Only by a retry, which makes it an execution that has not ended.
        [ExecutionStatus.Failed] = [ExecutionStatus.Queued],
        [ExecutionStatus.Cancelled] = [],
    };

    public static bool IsLegal(ExecutionStatus from, ExecutionStatus to) => Moves[from].Contains(to);

    public static bool IsTerminal(ExecutionStatus status) =>
        status is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled;
}
