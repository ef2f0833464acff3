using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal interface IArtifactRecordStore
{
    /// <summary>A saved artifact, or the output of the call with this id, with its bytes if they lie inline.</summary>
    Task<ArtifactRecord?> FindAsync(ArtifactId id, CancellationToken cancellationToken);
}
