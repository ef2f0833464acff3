using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class SnapshotService(IStore store) : ISnapshots
{
    public Task PutAsync(SnapshotRecord snapshot, CancellationToken cancellationToken = default) =>
        store.Snapshots.PutIfAbsentAsync(snapshot, cancellationToken);

    public Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken = default) =>
        store.Snapshots.FindAsync(id, cancellationToken);
}
