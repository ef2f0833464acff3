using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Replays;

internal static class ReplayEndpoints
{
    public static void MapReplays(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/replays").WithTags("replays");
        group.MapPost("", (Call call, ReplayBody body, CancellationToken stop) => call.Plane.Replays.CreateAsync(body.Request, body.Execution, call.By(body.By), stop))
            .RequireRole(Role.Member).WithSummary("Stores an execution that replays another one.");
        group.MapPost("/plan", (Call call, ReplayRequest body, CancellationToken stop) => call.Plane.Replays.PlanAsync(body, stop))
            .RequireRole(Role.Viewer).WithSummary("What a replay would do; nothing is stored.");
        group.MapPost("/diff", (Call call, DiffRequest body, CancellationToken stop) => call.Plane.Replays.DiffAsync(body, stop))
            .RequireRole(Role.Viewer).WithSummary("An execution beside its replays.");
        group.MapPost("/cohort", (Call call, CohortQuery body, CancellationToken stop) => call.Plane.Replays.FindCohortAsync(body, stop))
            .RequireRole(Role.Viewer).WithSummary("Executions that can be replayed from one call.");
        api.MapGet("/executions/{id}/replay_plan", (Call call, string id, CancellationToken stop) =>
                call.Plane.Replays.FindPlanAsync(ExecutionId.Parse(id), stop).OrThrowAsync("replay_plan", id))
            .RequireRole(Role.Viewer).WithTags("replays").WithSummary("The stored plan of a replay.");
    }
}
