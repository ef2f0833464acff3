using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Kitaru.Server.Deployments;

/// <summary>Flows and tags are named in the query: a name may be anything, and a path may not.</summary>
internal static class DeploymentEndpoints
{
    public static void MapDeployments(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/deployments").WithTags("deployments");
        group.MapPost("", (Call call, NewDeployment body, CancellationToken stop) => call.Plane.Deployments.CreateAsync(body, stop))
            .RequireRole(Role.Member).WithSummary("Stores the next version of a flow.");
        group.MapGet("", (Call call, string? flow, string? tag, int? limit, string? cursor, CancellationToken stop) =>
                call.Plane.Deployments.ListAsync(new DeploymentQuery { Flow = flow, Tag = tag, Cursor = cursor, Limit = limit ?? new DeploymentQuery().Limit }, stop))
            .RequireRole(Role.Viewer).WithSummary("A page of deployments, by flow and version.");
        group.MapGet("/resolve", (Call call, string flow, int? version, string? tag, CancellationToken stop) => call.Plane.Deployments.ResolveAsync(flow, version, tag, stop))
            .RequireRole(Role.Viewer).WithSummary("The deployment a version or tag leads to.");
        group.MapGet("/in_flight", (Call call, string flow, string snapshot, [FromQuery(Name = "deployment_id")] Guid? deployment, int limit, CancellationToken stop) =>
                call.Plane.Deployments.FindInFlightAsync(flow, new SnapshotId(snapshot), deployment is { } id ? new DeploymentId(id) : null, limit, stop))
            .RequireRole(Role.Viewer).WithSummary("Executions that run other code of the flow.");
        group.MapPost("/tags", (Call call, DeploymentTagBody body, CancellationToken stop) => call.Plane.Deployments.TagAsync(body.Flow, body.Version, body.Tag, body.Exclusive, stop))
            .RequireRole(Role.Member).WithSummary("Puts a tag on a version.");
        group.MapDelete("/tags", (Call call, string flow, int version, string tag, CancellationToken stop) => call.Plane.Deployments.UntagAsync(flow, version, tag, stop))
            .RequireRole(Role.Member).WithSummary("Takes a tag off a version.");
        group.MapDelete("", async (Call call, string flow, int version, CancellationToken stop) =>
            {
                await call.Plane.Deployments.DeleteAsync(flow, version, stop);
                return new CountBody(1);
            })
            .RequireRole(Role.Member).WithSummary("Deletes a version.");
    }
}
