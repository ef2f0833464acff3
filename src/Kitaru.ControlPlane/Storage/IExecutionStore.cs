using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What an insert found.</summary>
/// <param name="Existing">The execution with this id or idempotency key; null when the new one was stored.</param>
/// <param name="FlowId">The flow's id.</param>
/// <param name="CreatedAt">When the new one was stored.</param>
internal sealed record InsertedExecution(ExecutionId? Existing, FlowId FlowId, DateTimeOffset CreatedAt);

/// <summary>Everything that hangs on one execution, as of one moment; values without their bytes.</summary>
internal sealed record ExecutionRows(
    ExecutionRecord Execution,
    IReadOnlyList<JournalEntry> Journal,
    IReadOnlyList<AttemptRecord> Attempts,
    IReadOnlyList<RunningCall> Running,
    IReadOnlyList<ArtifactRecord> Saved,
    IReadOnlyList<WaitRecord> Waits,
    ReplayPlan? Replay = null);

/// <summary>Where a page starts: after this row.</summary>
internal readonly record struct PageStart(DateTimeOffset CreatedAt, ExecutionId Id);

/// <summary>A checked query: stored statuses, none for all.</summary>
internal sealed record ExecutionFilter(
    IReadOnlyList<ExecutionStatus> Statuses, string? Flow, string? Stack, IReadOnlyList<string> Tags,
    DateTimeOffset? Since, DateTimeOffset? Until, ExecutionId? OriginalId, DeploymentId? Deployment, PageStart? After, int Limit);

internal interface IExecutionStore
{
    /// <summary>Stores it ready to be claimed, or held by <see cref="NewExecution.TakenBy"/> for a lease; its flow too when that is new.</summary>
    Task<InsertedExecution> InsertAsync(NewExecution execution, FlowId newFlowId, TimeSpan leaseDuration, CancellationToken cancellationToken);

    Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken);

    Task<ExecutionRows?> FindRowsAsync(ExecutionId id, CancellationToken cancellationToken);

    /// <summary>Newest first, with how many match in all.</summary>
    Task<(IReadOnlyList<ExecutionRecord> Items, long Total)> ListAsync(ExecutionFilter filter, CancellationToken cancellationToken);

    Task<bool> CancelIfActiveAsync(ExecutionId id, string? by, CancellationToken cancellationToken);

    /// <summary>Queues a failed execution again, what made it fail forgotten; on other code when <paramref name="code"/> is given.</summary>
    Task<bool> ReopenIfFailedAsync(ExecutionId id, SnapshotId? code, string reason, CancellationToken cancellationToken);

    /// <summary>Makes a queued execution that is to run later runnable now.</summary>
    Task<bool> HurryIfQueuedAsync(ExecutionId id, string? by, CancellationToken cancellationToken);

    /// <summary>False when there is no such execution.</summary>
    /// <exception cref="KitaruUsageException">There would be too many.</exception>
    Task<bool> ChangeTagsAsync(ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken);
}
