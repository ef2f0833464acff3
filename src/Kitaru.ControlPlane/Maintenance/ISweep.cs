using Kitaru.Core;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>Keeps one kind of files from growing for ever: knows what nobody needs any more, and removes it. Safe beside itself in another process.</summary>
internal interface ISweep
{
    Task<FilesSize> MeasureAsync(CancellationToken cancellationToken);

    Task<Removed> SweepAsync(CancellationToken cancellationToken);
}

/// <summary>Keeps large values from growing for ever, wherever they lie.</summary>
internal interface IValueSweep : ISweep
{
    /// <summary>Removes those of the values that nothing refers to and that were not stored again a short while ago.</summary>
    Task<Removed> RemoveAsync(IEnumerable<string> hashes, CancellationToken cancellationToken);
}
