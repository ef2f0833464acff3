using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class JournalStore(StoreSession session) : IJournalStore
{
    private static readonly Sql SetMetadataSql = new("UPDATE execution SET metadata = ?2 WHERE exec_id = ?1");

    public Task<bool> AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken)
    {
        var row = JournalRow.Prepare(lease.ExecutionId, entry);
        var size = StoreSession.SizeOf(entry.Value);
        return entry is { Kind: not JournalKind.Wait, Artifacts.Count: 0, ExecutionMetadata: null, ReplacesReused: false, Value: not { Inline: null } }
            ? AppendOneAsync(lease, row, size, cancellationToken)
            : AppendWithMoreAsync(lease, entry, row, size, cancellationToken);
    }

    public Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => CachedRow.Find(connection, key), cancellationToken);

    public async Task<bool> AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken)
    {
        var failure = StoredJson.OfFailure(attempt.Failure);
        var metadata = StoredJson.OfObject(attempt.Metadata);
        var changed = await session.WriteOneAsync(
            AttemptRow.AppendSql, statement => AttemptRow.Bind(statement, lease, attempt, failure, metadata), cancellationToken, affinity: lease.ExecutionId.Value)
            .ConfigureAwait(false);
        return changed == 1 || await session.ReadAsync(connection => AttemptRow.IsRecorded(connection, lease, attempt), cancellationToken).ConfigureAwait(false);
    }

    public Task<WaitRecord?> OpenWaitAsync(Lease lease, WaitId newId, NewWait wait, CancellationToken cancellationToken)
    {
        var schema = StoredJson.OfObject(wait.Schema);
        var metadata = StoredJson.OfObject(wait.Metadata);
        return session.WriteAndNotifyAsync(
            connection =>
            {
                if (!LeaseCheck.IsHeld(connection, lease))
                    return null;
                if (wait.ReplacesReused)
                {
                    WaitRow.DropConsumed(connection, lease.ExecutionId, wait.Name);
                    JournalRow.DropReused(connection, lease, wait.Name);
                }
                return WaitRow.Open(connection, lease.ExecutionId, newId, wait, schema, metadata);
            },
            cancellationToken,
            affinity: lease.ExecutionId.Value);
    }

    public Task<bool> AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken) =>
        session.WriteSeveralAsync(
            connection =>
            {
                if (!LeaseCheck.IsHeld(connection, lease))
                    return false;
                RunningCallRow.Replace(connection, lease.ExecutionId, calls);
                return true;
            },
            cancellationToken,
            affinity: lease.ExecutionId.Value);

    public Task<bool> ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken)
    {
        var metadata = StoredJson.OfObject(release.ExecutionMetadata);
        var waits = release.Waits is { } names ? StoredJson.OfList(names) ?? "[]" : null;
        return session.WriteAndNotifyAsync(
            connection => ReleaseRow.ReleaseIfHeld(connection, lease, release, metadata, waits, session.Now),
            cancellationToken,
            affinity: lease.ExecutionId.Value);
    }

    public async Task<bool> FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken)
    {
        var failure = StoredJson.OfFailure(outcome.Failure);
        var metadata = StoredJson.OfObject(outcome.Metadata);
        var changes = ExecutionEnd.Finish(lease, outcome, failure, metadata, session.Now);
        return await session.WriteTogetherAsync(changes, outcome.Result, lease.ExecutionId.Value, WriteTraits.Locks | WriteTraits.NotForWorkers, cancellationToken).ConfigureAwait(false) == 1
            || await session.ReadAsync(connection => ExecutionEnd.IsFinished(connection, lease, outcome), cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AppendOneAsync(Lease lease, JournalRow row, int size, CancellationToken cancellationToken) =>
        await session.WriteOneAsync(JournalRow.AppendSql, statement => row.Bind(statement, lease), cancellationToken, size, lease.ExecutionId.Value).ConfigureAwait(false) == 1
        || await session.ReadAsync(connection => row.IsRecorded(connection, lease), cancellationToken).ConfigureAwait(false);

    private Task<bool> AppendWithMoreAsync(Lease lease, JournalEntry entry, JournalRow row, int size, CancellationToken cancellationToken)
    {
        var metadata = StoredJson.OfObject(entry.ExecutionMetadata);
        var tags = entry.Artifacts.Select(artifact => StoredJson.OfList(artifact.Tags)).ToArray();
        return session.WriteSeveralAsync(
            connection =>
            {
                if (entry.ReplacesReused && !row.IsThere(connection, lease.ExecutionId))
                    JournalRow.DropReused(connection, lease, entry.Key);
                if (!row.AppendIfHeld(connection, lease))
                    return row.IsRecorded(connection, lease);
                for (var i = 0; i < entry.Artifacts.Count; i++)
                    ArtifactRow.Insert(connection, lease.ExecutionId, entry, i, tags[i]);
                if (metadata is not null)
                    SetMetadata(connection, lease.ExecutionId, metadata);
                if (entry.Kind == JournalKind.Wait)
                    WaitRow.Consume(connection, lease.ExecutionId, entry.Key);
                return true;
            },
            cancellationToken,
            size + entry.Artifacts.Sum(artifact => StoreSession.SizeOf(artifact.Value)),
            lease.ExecutionId.Value);
    }

    private static void SetMetadata(Connection connection, ExecutionId id, string metadata)
    {
        using var statement = connection.Use(SetMetadataSql);
        statement.Bind(id.Value).Bind(metadata).Post();
    }
}
