using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A record that a replay takes over.</summary>
/// <param name="Key">The call, wait or sleep.</param>
/// <param name="Kind">Which of these it is.</param>
/// <param name="Original">Its id in the source.</param>
/// <param name="Value">The value in place of the recorded one, or null.</param>
/// <param name="Saved">The artifacts that were saved in it.</param>
internal sealed record TakenOver(string Key, JournalKind Kind, CallId Original, StoredValue? Value, IReadOnlyList<ArtifactId> Saved);

internal interface IReplayStore
{
    /// <summary>
    /// Stores the execution with its plan and what it takes over, all or nothing. Null when the source no longer has one of these records.
    /// </summary>
    Task<InsertedExecution?> InsertAsync(
        NewExecution execution, FlowId newFlowId, ReplayPlan plan, IReadOnlyList<TakenOver> taken, CancellationToken cancellationToken);

    Task<ReplayPlan?> FindPlanAsync(ExecutionId id, CancellationToken cancellationToken);
}
