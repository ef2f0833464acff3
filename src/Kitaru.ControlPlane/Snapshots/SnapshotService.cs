using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class SnapshotService(IStore store, SnapshotFiles files) : ISnapshots
{
    public Task PutAsync(SnapshotRecord snapshot, CancellationToken cancellationToken = default) =>
        store.Snapshots.PutIfAbsentAsync(snapshot, cancellationToken);

    public Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken = default) =>
        store.Snapshots.FindAsync(id, cancellationToken);

    public Task<bool> HasContentAsync(SnapshotId id, CancellationToken cancellationToken = default) => files.HasAsync(id, cancellationToken);

    public Task<Stream> OpenContentAsync(SnapshotId id, CancellationToken cancellationToken = default) => files.OpenAsync(id, cancellationToken);

    public async Task StoreContentAsync(SnapshotId id, Stream content, CancellationToken cancellationToken = default)
    {
        if (await store.Snapshots.FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
            throw new KitaruNotFoundException($"Snapshot '{Texts.Short(id.Value, 80)}' is not known; its files were not stored.", "Make it known first, then send its files.");
        if (!await files.HasAsync(id, cancellationToken).ConfigureAwait(false))
            await files.StoreAsync(id, content, cancellationToken).ConfigureAwait(false);
    }
}
