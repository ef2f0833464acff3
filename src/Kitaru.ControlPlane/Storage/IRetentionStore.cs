using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>An execution that was deleted, or was only looked at.</summary>
/// <param name="Status">Where it stood.</param>
/// <param name="EndedAt">When it had ended; null when it has not, and then nothing was deleted.</param>
/// <param name="Rows">Its rows by table.</param>
/// <param name="RowBytes">What they hold.</param>
/// <param name="Freed">Large values that nothing refers to without it: hash and size.</param>
internal sealed record ErasedExecution(
    ExecutionStatus Status, DateTimeOffset? EndedAt, IReadOnlyDictionary<string, long> Rows, long RowBytes, IReadOnlyDictionary<string, long> Freed);

/// <summary>A checked <see cref="PruneQuery"/>.</summary>
internal sealed record PruneFilter(DateTimeOffset EndedBefore, IReadOnlyList<ExecutionStatus> Statuses, string? Flow, int KeepNewest, int Limit);

/// <summary>One execution that may be deleted.</summary>
internal readonly record struct PruneCandidate(ExecutionId Id, ExecutionStatus Status, DateTimeOffset EndedAt);

/// <summary>What a filter finds: how many in all, and the oldest of them.</summary>
internal sealed record Prunable(long Matched, IReadOnlyList<PruneCandidate> Candidates);

/// <summary>What one short transaction deleted.</summary>
/// <param name="Looked">How many of the candidates are done with, deleted or not.</param>
/// <param name="Erased">Those that were deleted.</param>
internal sealed record ErasedBatch(int Looked, IReadOnlyList<ErasedExecution> Erased);

/// <summary>What the database holds.</summary>
/// <param name="Path">The file, or where the database is.</param>
/// <param name="Bytes">What it takes; null for a file, whose size says it.</param>
/// <param name="FreeBytes">How much of it is free for new rows.</param>
/// <param name="Rows">Rows by table.</param>
/// <param name="Executions">Executions by status.</param>
/// <param name="Oldest">When the oldest execution was created.</param>
/// <param name="OldestEnd">When the first of those that ended did.</param>
internal sealed record StoreContents(
    string Path, long? Bytes, long FreeBytes, IReadOnlyDictionary<string, long> Rows, IReadOnlyDictionary<ExecutionStatus, long> Executions,
    DateTimeOffset? Oldest, DateTimeOffset? OldestEnd);

internal interface IRetentionStore
{
    /// <summary>Deletes an execution with every row that hangs on it if it has ended; null when there is none.</summary>
    Task<ErasedExecution?> EraseIfEndedAsync(ExecutionId id, CancellationToken cancellationToken);

    /// <summary>What <see cref="EraseIfEndedAsync"/> would do to all of these together; those that are not there are left out.</summary>
    Task<IReadOnlyList<ErasedExecution>> PreviewAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken);

    Task<Prunable> FindPrunableAsync(PruneFilter filter, CancellationToken cancellationToken);

    /// <summary>Deletes the first of the candidates, as many as a short transaction holds; one that no longer ended before then stays.</summary>
    Task<ErasedBatch> EraseSomeAsync(IReadOnlyList<PruneCandidate> candidates, DateTimeOffset endedBefore, CancellationToken cancellationToken);

    /// <summary>Those of the hashes that no row refers to.</summary>
    Task<IReadOnlyList<string>> FindUnreferencedAsync(IReadOnlyList<string> hashes, CancellationToken cancellationToken);

    /// <summary>
    /// Calls <paramref name="remove"/> for each hash that no row refers to, in a transaction in which nobody else's change is: whoever commits a
    /// row later sees what was removed.
    /// </summary>
    Task RemoveUnreferencedAsync(IReadOnlyList<string> hashes, Action<string> remove, CancellationToken cancellationToken);

    /// <summary>Code that an execution, a deployment or a live worker has.</summary>
    Task<IReadOnlySet<SnapshotId>> FindUsedSnapshotsAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a snapshot and calls <paramref name="remove"/> unless an execution, a deployment or a worker has it; says whether it did.</summary>
    Task<bool> RemoveUnusedSnapshotAsync(SnapshotId id, Func<bool> remove, CancellationToken cancellationToken);

    Task<StoreContents> ReadContentsAsync(CancellationToken cancellationToken);
}
