using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Idempotency;

/// <summary>Keys of Kitaru clients; other callers send Idempotency-Key with the request itself.</summary>
internal static class IdempotencyEndpoints
{
    public static void MapIdempotency(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/idempotency").WithTags("idempotency");
        group.MapPost("/find", async (Call call, IdempotentRequest body, CancellationToken stop) =>
                new ListBody<IdempotentOutcome>(await call.Store.Idempotency.FindAsync(body, stop) is { } outcome ? [outcome] : []))
            .RequireRole(Role.Viewer).WithSummary("What the first call under this key came to.");
        group.MapPost("/complete", async (Call call, CompleteBody body, CancellationToken stop) =>
            {
                await call.Store.Idempotency.CompleteAsync(body.Request, body.Result, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member).WithSummary("Stores what the first call answered.");
    }
}
