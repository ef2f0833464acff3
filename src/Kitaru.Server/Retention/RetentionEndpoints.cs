using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Kitaru.Server.Retention;

internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        api.MapDelete("/executions/{id}", (Call call, string id, [FromQuery(Name = "dry_run")] bool? dryRun, CancellationToken stop) =>
                call.Plane.Retention.DeleteAsync(ExecutionId.Parse(id), dryRun ?? false, stop))
            .RequireRole(Role.Member).WithTags("retention").WithSummary("Deletes an ended execution with all its data.");
        var group = api.MapGroup("/retention").WithTags("retention");
        group.MapPost("/prune", (Call call, PruneQuery body, CancellationToken stop) => call.Plane.Retention.PruneAsync(body, stop))
            .RequireRole(Role.Member).WithSummary("Deletes ended executions by age; says only what it would do unless dry_run is false.");
        group.MapGet("/size", (Call call, CancellationToken stop) => call.Plane.Retention.MeasureAsync(stop))
            .RequireRole(Role.Viewer).WithSummary("What the store holds and takes.");
        group.MapPost("/sweep", (Call call, CancellationToken stop) => call.Plane.Retention.SweepAsync(stop))
            .RequireRole(Role.Member).WithSummary("Removes what nothing needs any more.");
    }
}
