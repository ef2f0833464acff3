using Kitaru.ControlPlane.Maintenance;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <param name="store">The database.</param>
/// <param name="values">Large values, when somebody keeps them.</param>
/// <param name="config">Where everything else lies; null when there is nothing else.</param>
/// <param name="time">The clock.</param>
internal sealed class RetentionService(IStore store, IValueSweep? values, ConfigDirectory? config, TimeProvider time) : IRetention
{
    private static readonly FilesSize Nothing = new(0, 0, 0, 0);

    private readonly SnapshotSweep? _snapshots = config is null ? null : new SnapshotSweep(store.Retention, store.Workers, config, time);
    private readonly BuildSweep? _builds = config is null ? null : new BuildSweep(config, time);
    private readonly WorkerFileSweep? _workers = config is null ? null : new WorkerFileSweep(store.Workers, config, time);

    public async Task<DeletedExecution> DeleteAsync(ExecutionId id, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var erased = await EraseAsync(id, dryRun, cancellationToken).ConfigureAwait(false);
        if (!dryRun)
            await RemoveValuesAsync(erased.Freed.Keys).ConfigureAwait(false);
        return new DeletedExecution
        {
            Id = id,
            DryRun = dryRun,
            Status = erased.Status,
            EndedAt = erased.EndedAt!.Value,
            Rows = erased.Rows,
            RowBytes = erased.RowBytes,
            LargeValues = erased.Freed.Count,
            LargeValueBytes = erased.Freed.Values.Sum(),
        };
    }

    public async Task<PruneResult> PruneAsync(PruneQuery query, CancellationToken cancellationToken = default)
    {
        var filter = Check(query);
        var found = await store.Retention.FindPrunableAsync(filter, cancellationToken).ConfigureAwait(false);
        var candidates = found.Candidates;
        var erased = query.DryRun
            ? await store.Retention.PreviewAsync([.. candidates.Select(candidate => candidate.Id)], cancellationToken).ConfigureAwait(false)
            : await EraseAsync(candidates, filter.EndedBefore, cancellationToken).ConfigureAwait(false);
        return new PruneResult
        {
            Matched = found.Matched,
            Selected = candidates.Count,
            Deleted = query.DryRun ? 0 : erased.Count,
            Bytes = erased.Sum(one => one.RowBytes + one.Freed.Values.Sum()),
            Oldest = candidates.Count == 0 ? null : candidates[0].EndedAt,
            Newest = candidates.Count == 0 ? null : candidates[^1].EndedAt,
            ByStatus = candidates.GroupBy(candidate => candidate.Status).ToDictionary(group => group.Key, group => group.Count()),
            DryRun = query.DryRun,
        };
    }

    public async Task<StoreSize> MeasureAsync(CancellationToken cancellationToken = default)
    {
        var contents = await store.Retention.ReadContentsAsync(cancellationToken).ConfigureAwait(false);
        return new StoreSize
        {
            Database = new DatabaseSize(
                contents.Path,
                contents.Bytes ?? Files.SizeOf(new FileInfo(contents.Path)),
                contents.Bytes is null ? Files.SizeOf(new FileInfo(contents.Path + "-wal")) : 0,
                contents.FreeBytes),
            Artifacts = await MeasureAsync(values, cancellationToken).ConfigureAwait(false),
            Snapshots = await MeasureAsync(_snapshots, cancellationToken).ConfigureAwait(false),
            Builds = await MeasureAsync(_builds, cancellationToken).ConfigureAwait(false),
            Workers = await MeasureAsync(_workers, cancellationToken).ConfigureAwait(false),
            Rows = contents.Rows,
            Executions = contents.Executions,
            Oldest = contents.Oldest,
            OldestEnd = contents.OldestEnd,
            SweptAt = config is null ? null : MaintenanceMark.Read(config),
        };
    }

    public async Task<Swept> SweepAsync(CancellationToken cancellationToken = default)
    {
        // Records of builds first: what only they held goes with them.
        var builds = await SweepAsync(_builds, cancellationToken).ConfigureAwait(false);
        return new Swept(
            await SweepAsync(values, cancellationToken).ConfigureAwait(false),
            await SweepAsync(_snapshots, cancellationToken).ConfigureAwait(false),
            builds,
            await SweepAsync(_workers, cancellationToken).ConfigureAwait(false));
    }

    private PruneFilter Check(PruneQuery query)
    {
        if (query.OlderThan < TimeSpan.Zero)
            throw new KitaruUsageException($"{nameof(query.OlderThan)} must be 0 or more; it is {query.OlderThan}.");
        if (query.Limit is < 1 or > PruneQuery.LimitMax)
            throw new KitaruUsageException($"limit must be between 1 and {PruneQuery.LimitMax}; it is {query.Limit}.");
        if (query.KeepNewest < 0)
            throw new KitaruUsageException($"keep_newest must be 0 or more; it is {query.KeepNewest}.");
        if (query.Statuses.Where(status => !ExecutionTransitions.IsTerminal(status)).ToList() is [var running, ..])
        {
            throw new KitaruUsageException(
                $"Only ended executions are deleted: status is completed, failed or cancelled, not {PublicStatus.Word(running)}.", "Cancel it first with kitaru_executions_cancel.");
        }
        var now = time.GetUtcNow();
        var endedBefore = now - DateTimeOffset.UnixEpoch < query.OlderThan ? DateTimeOffset.UnixEpoch : now - query.OlderThan;
        return new PruneFilter(endedBefore, [.. query.Statuses.Distinct()], query.Flow, query.KeepNewest, query.Limit);
    }

    private async Task<ErasedExecution> EraseAsync(ExecutionId id, bool dryRun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var erased = dryRun
                ? (await store.Retention.PreviewAsync([id], cancellationToken).ConfigureAwait(false)).SingleOrDefault()
                : await store.Retention.EraseIfEndedAsync(id, cancellationToken).ConfigureAwait(false);
            if (erased is { EndedAt: not null })
                return erased;
            var record = await store.Executions.FindAsync(id, cancellationToken).ConfigureAwait(false) ?? throw ExecutionService.NotFound(id);
            // Ended in between: then it is looked at again.
            _ = ExecutionDecisions.Check(ExecutionOperation.Delete, record);
        }
    }

    private async Task<IReadOnlyList<ErasedExecution>> EraseAsync(
        IReadOnlyList<PruneCandidate> candidates, DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var erased = new List<ErasedExecution>();
        for (var next = 0; next < candidates.Count;)
        {
            var batch = await store.Retention.EraseSomeAsync([.. candidates.Skip(next)], endedBefore, cancellationToken).ConfigureAwait(false);
            next += batch.Looked;
            erased.AddRange(batch.Erased);
            await RemoveValuesAsync(batch.Erased.SelectMany(one => one.Freed.Keys)).ConfigureAwait(false);
        }
        return erased;
    }

    /// <summary>The rows are gone already: what cannot be removed now is removed by the next sweep.</summary>
    private async Task RemoveValuesAsync(IEnumerable<string> hashes)
    {
        if (values is null)
            return;
        try
        {
            await values.RemoveAsync(hashes, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is KitaruBackendException or IOException or UnauthorizedAccessException)
        {
            // Said by the sweep if it stays.
        }
    }

    private static Task<FilesSize> MeasureAsync(ISweep? sweep, CancellationToken cancellationToken) =>
        sweep?.MeasureAsync(cancellationToken) ?? Task.FromResult(Nothing);

    private static Task<Removed> SweepAsync(ISweep? sweep, CancellationToken cancellationToken) =>
        sweep?.SweepAsync(cancellationToken) ?? Task.FromResult(new Removed());
}
