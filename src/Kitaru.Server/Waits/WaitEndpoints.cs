using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Waits;

internal static class WaitEndpoints
{
    public static void MapWaits(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/executions/{id}/waits").WithTags("waits");
        group.MapGet("", async (Call call, string id, CancellationToken stop) => new ListBody<WaitRecord>(await call.Plane.Waits.ListPendingAsync(ExecutionId.Parse(id), stop)))
            .RequireRole(Role.Viewer).WithSummary("Its pending waits, oldest first.");
        group.MapPost("/answer", (Call call, string id, AnswerBody body, CancellationToken stop) =>
                call.Plane.Waits.AnswerAsync(ExecutionId.Parse(id), body.Wait, body.Value, call.By(body.By), stop))
            .RequireRole(Role.Member).WithSummary("Answers a wait, by its name or id; the execution goes on by itself.");
        group.MapPost("/abort", (Call call, string id, AbortBody body, CancellationToken stop) =>
                call.Plane.Waits.AbortAsync(ExecutionId.Parse(id), body.Wait, call.By(body.By), stop))
            .RequireRole(Role.Member).WithSummary("Aborts a wait.");
    }
}
