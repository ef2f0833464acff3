using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class IdempotencyService(IStore store) : IIdempotency
{
    public async Task<IdempotentOutcome?> FindAsync(IdempotentRequest request, CancellationToken cancellationToken = default)
    {
        IdempotentRequest.CheckKey(request.Key);
        if (await store.Idempotency.FindAsync(request.Key, cancellationToken).ConfigureAwait(false) is not { } kept)
            return null;
        if (kept.Hash is null)
        {
            // An execution that was started with the key: whoever creates executions compares it.
            return request.CreatesExecution ? null : throw Other(request, "for an execution");
        }
        if (kept.Operation != request.Operation)
            throw Other(request, $"for {kept.Operation}");
        return kept.Hash.AsSpan().SequenceEqual(request.Hash) ? new IdempotentOutcome(kept.MadeAt, kept.Result) : throw Other(request, $"for {kept.Operation} with other arguments");
    }

    public Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken = default) =>
        store.Idempotency.CompleteAsync(request, result, cancellationToken);

    private static KitaruStateException Other(IdempotentRequest request, string use) => new(
        $"The idempotency key '{Texts.Short(request.Key)}' was used {use}; nothing was done.",
        "Use a new key for a new call, or repeat the first call unchanged to get its answer again.");
}
