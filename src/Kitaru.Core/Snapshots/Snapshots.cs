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

    /// <summary>Whether its files are kept, for workers that do not have them. Those that are, are kept for another day at least.</summary>
    Task<bool> HasContentAsync(SnapshotId id, CancellationToken cancellationToken = default);

    /// <summary>Its files as a zip archive.</summary>
    /// <exception cref="KitaruNotFoundException">They are not kept.</exception>
    Task<Stream> OpenContentAsync(SnapshotId id, CancellationToken cancellationToken = default);

    /// <summary>Keeps its files; kept already: nothing happens.</summary>
    /// <param name="id">The snapshot, which is known.</param>
    /// <param name="content">A zip archive of exactly the files that the id is the hash of.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="KitaruUsageException">It is no such archive, or too large; nothing was stored.</exception>
    /// <exception cref="KitaruNotFoundException">The snapshot is not known.</exception>
    Task StoreContentAsync(SnapshotId id, Stream content, CancellationToken cancellationToken = default);
}
