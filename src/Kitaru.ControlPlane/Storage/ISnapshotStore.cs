using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal interface ISnapshotStore
{
    Task PutIfAbsentAsync(SnapshotRecord snapshot, CancellationToken cancellationToken);

    Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken);
}
