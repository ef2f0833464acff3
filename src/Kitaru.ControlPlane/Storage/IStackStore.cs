using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What became of a stack that was to be stored.</summary>
internal enum StackWritten
{
    /// <summary>It was stored.</summary>
    Done,

    /// <summary>Another one has its name.</summary>
    NameTaken,

    /// <summary>Its credentials are sealed under a key that is not in use any more.</summary>
    OtherKey,
}

/// <summary>The stacks that were made; the built-in one is not among them.</summary>
internal interface IStackStore
{
    Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken);

    Task<StackRecord?> FindAsync(StackId id, CancellationToken cancellationToken);

    Task<StackRecord?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Stores a stack and the secret its credentials are, or neither.</summary>
    Task<StackWritten> InsertAsync(StackRecord stack, SecretChange? credentials, CancellationToken cancellationToken);

    /// <summary>Deletes a stack and the secret its credentials are; false when there is no such stack.</summary>
    Task<bool> DeleteAsync(StackId id, SecretId? credentials, CancellationToken cancellationToken);
}
