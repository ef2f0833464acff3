using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>
/// Staged code that no execution and no deployment has, no worker runs, no build record names as the newest of its target, and nobody has used for a while; and
/// folders that workers ran in, which are made again when they are needed.
/// </summary>
internal sealed class SnapshotSweep(IRetentionStore store, IWorkerStore workers, ConfigDirectory config, TimeProvider time) : ISweep
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public static readonly TimeSpan RunFolderMax = TimeSpan.FromDays(7);

    private readonly StageFolders _folders = new(config);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task<FilesSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var spare = await FindSpareAsync(cancellationToken).ConfigureAwait(false);
        var folders = spare.Snapshots.Select(_folders.Of).Concat(spare.Folders.Select(one => one.Folder)).ToList();
        return new FilesSize(_folders.Snapshots().Count(), _folders.SizeBytes(), folders.Count, folders.Sum(StageFolders.SizeBytes));
    }

    public async Task<Removed> SweepAsync(CancellationToken cancellationToken)
    {
        _folders.PutBack(Now - Grace);
        var spare = await FindSpareAsync(cancellationToken).ConfigureAwait(false);
        var removed = new Removed();
        foreach (var (folder, usedBefore) in spare.Folders)
        {
            // Listed a while ago: a worker may be starting in it by now.
            if (_folders.TakeAway(folder, usedBefore) is { } unused)
                removed += Remove(unused);
        }
        foreach (var id in spare.Snapshots)
        {
            DirectoryInfo? away = null;
            await store.RemoveUnusedSnapshotAsync(id, () => (away = _folders.TakeAway(id, Now - Grace)) is not null, cancellationToken).ConfigureAwait(false);
            if (away is not null)
                removed += Remove(away);
        }
        return removed;
    }

    private async Task<(IReadOnlyList<SnapshotId> Snapshots, IReadOnlyList<(DirectoryInfo Folder, DateTime UsedBefore)> Folders)> FindSpareAsync(CancellationToken cancellationToken)
    {
        var used = await store.FindUsedSnapshotsAsync(cancellationToken).ConfigureAwait(false);
        var running = (await workers.ListAsync(cancellationToken).ConfigureAwait(false)).Select(worker => worker.Worker.Snapshot).ToHashSet();
        var newest = new BuildRecords(config.Builds).Newest();
        var (spare, folders) = (new List<SnapshotId>(), new List<(DirectoryInfo, DateTime)>());
        void Older(IEnumerable<DirectoryInfo> among, DateTime usedBefore) =>
            folders.AddRange(among.Where(folder => folder.LastWriteTimeUtc < usedBefore).Select(folder => (folder, usedBefore)));
        foreach (var id in _folders.Snapshots())
        {
            if (!used.Contains(id) && !newest.Contains(id) && _folders.UsedAt(id) < Now - Grace)
                spare.Add(id);
            else if (!running.Contains(id))
                Older(_folders.RunFolders(id), Now - RunFolderMax);
        }
        Older(_folders.WorkerFolders(), Now - RunFolderMax);
        Older(_folders.Unfinished(), Now - Grace);
        return (spare, folders);
    }

    private static Removed Remove(DirectoryInfo folder)
    {
        var bytes = StageFolders.SizeBytes(folder);
        return Files.Remove(folder) is { Count: > 0 } ? new Removed(1, bytes) : default;
    }
}
