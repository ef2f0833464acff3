using Kitaru.Core;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>Keeps one kind of files from growing for ever: knows what nobody needs any more, and removes it. Safe beside itself in another process.</summary>
internal interface ISweep
{
    Task<FilesSize> MeasureAsync(CancellationToken cancellationToken);

    Task<Removed> SweepAsync(CancellationToken cancellationToken);
}
