using Kitaru.Core.Flows;

namespace Kitaru.Core;

/// <summary>Immutable compiled flow code with its manifest, addressed by content hash.</summary>
/// <param name="Id">The content hash.</param>
/// <param name="Manifest">The flows in it.</param>
/// <param name="CreatedAt">When it was first stored.</param>
/// <param name="SizeBytes">Size of its files.</param>
public sealed record SnapshotRecord(SnapshotId Id, FlowManifest Manifest, DateTimeOffset CreatedAt, long SizeBytes);

/// <summary>Snapshots: stored once, never changed.</summary>
public interface ISnapshots
{
    /// <summary>Makes a snapshot known; known already: nothing happens.</summary>
    Task PutAsync(SnapshotRecord snapshot, CancellationToken cancellationToken = default);

    /// <summary>The snapshot, or null.</summary>
    Task<SnapshotRecord?> FindAsync(SnapshotId id, CancellationToken cancellationToken = default);
}
