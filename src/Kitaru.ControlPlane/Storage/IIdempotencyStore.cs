using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What stands under a key.</summary>
/// <param name="Operation">What was called.</param>
/// <param name="Hash">What it was called with; null for an execution that carries the key itself.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Result">What it answered.</param>
internal sealed record KeptKey(string Operation, byte[]? Hash, DateTimeOffset MadeAt, string? Result);

internal interface IIdempotencyStore
{
    Task<KeptKey?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps the answer, the key too when nothing was changed under it.</summary>
    Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken);
}
