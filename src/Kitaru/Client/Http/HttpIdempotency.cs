using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpIdempotency(HttpCalls calls) : IIdempotency
{
    public async Task<IdempotentOutcome?> FindAsync(IdempotentRequest request, CancellationToken cancellationToken = default) =>
        (await calls.AskAsync<ListBody<IdempotentOutcome>>("idempotency/find", request, cancellationToken).ConfigureAwait(false)).Items is [var found, ..] ? found : null;

    public Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken = default) =>
        calls.WriteAsync(HttpMethod.Post, "idempotency/complete", new CompleteBody { Request = request, Result = result }, cancellationToken);
}
