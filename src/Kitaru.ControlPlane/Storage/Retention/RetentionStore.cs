using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class RetentionStore(StoreSession session, string path) : IRetentionStore
{
    /// <summary>Others wait for a transaction; a batch ends after the first execution that comes behind this.</summary>
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(3);

    private const int BatchMax = 50;

    private volatile OwnedRows? _owned;

    public Task<ErasedExecution?> EraseIfEndedAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => ExecutionErasure.EraseIfEnded(connection, Owned(connection), id, DateTimeOffset.MaxValue), cancellationToken, affinity: id.Value);

    public Task<IReadOnlyList<ErasedExecution>> PreviewAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ExecutionErasure.Preview(connection, Owned(connection), ids), cancellationToken);

    public Task<Prunable> FindPrunableAsync(PruneFilter filter, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => PruneList.Read(connection, filter), cancellationToken);

    public Task<ErasedBatch> EraseSomeAsync(IReadOnlyList<PruneCandidate> candidates, DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                var startedAt = session.Time.GetTimestamp();
                var erased = new List<ErasedExecution>();
                var looked = 0;
                while (looked < candidates.Count && looked < BatchMax && (looked == 0 || session.Time.GetElapsedTime(startedAt) < BatchTime))
                {
                    if (ExecutionErasure.EraseIfEnded(connection, Owned(connection), candidates[looked++].Id, endedBefore) is { EndedAt: not null } one)
                        erased.Add(one);
                }
                return new ErasedBatch(looked, erased);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> FindUnreferencedAsync(IReadOnlyList<string> hashes, CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<string>>(
            connection => [.. hashes.Where(hash => !LargeReferences.IsReferenced(connection, hash))], cancellationToken);

    public Task RemoveUnreferencedAsync(IReadOnlyList<string> hashes, Action<string> remove, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                foreach (var hash in hashes.Where(hash => !LargeReferences.IsReferenced(connection, hash)))
                    remove(hash);
                return true;
            },
            cancellationToken);

    public Task<IReadOnlySet<SnapshotId>> FindUsedSnapshotsAsync(CancellationToken cancellationToken) =>
        session.ReadAsync(SnapshotUse.FindUsed, cancellationToken);

    public Task<bool> RemoveUnusedSnapshotAsync(SnapshotId id, Func<bool> remove, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(connection => SnapshotUse.RemoveIfUnused(connection, id, remove), cancellationToken);

    public Task<StoreContents> ReadContentsAsync(CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ContentCount.Read(connection, path), cancellationToken);

    private OwnedRows Owned(Connection connection) => _owned ??= OwnedRows.Read(connection);
}
