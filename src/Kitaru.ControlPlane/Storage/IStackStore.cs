using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The stacks that were made; the built-in one is not among them.</summary>
internal interface IStackStore
{
    Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken);

    Task<StackRecord?> FindAsync(StackId id, CancellationToken cancellationToken);

    Task<StackRecord?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>False when the name is taken.</summary>
    Task<bool> InsertAsync(StackRecord stack, CancellationToken cancellationToken);

    /// <summary>False when there is none.</summary>
    Task<bool> DeleteAsync(StackId id, CancellationToken cancellationToken);
}
