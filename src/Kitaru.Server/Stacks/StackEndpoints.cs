using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Stacks;

internal static class StackEndpoints
{
    public static void MapStacks(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/stacks").WithTags("stacks");
        group.MapGet("", async (Call call, CancellationToken stop) => new ListBody<StackRecord>(await call.Plane.Stacks.ListAsync(stop)))
            .RequireRole(Role.Viewer).WithSummary("All stacks, the built-in one first.");
        group.MapGet("/find", (Call call, string name, CancellationToken stop) => call.Plane.Stacks.FindAsync(name, stop).OrThrowAsync("stack", name))
            .RequireRole(Role.Viewer).WithSummary("A stack by name or id.");
        group.MapPost("", (Call call, StackRequest body, CancellationToken stop) => call.Plane.Stacks.CreateAsync(body, stop))
            .RequireRole(Role.Member).WithSummary("Checks a stack and stores it.");
        group.MapDelete("", (Call call, string name, CancellationToken stop) => call.Plane.Stacks.DeleteAsync(name, stop))
            .RequireRole(Role.Member).WithSummary("Deletes a stack.");
        group.MapPost("/prepare", (Call call, PrepareBody body, CancellationToken stop) => call.Plane.Stacks.PrepareAsync(body.Stack, body.Image, stop))
            .RequireRole(Role.Viewer).WithSummary("How executions with this image run on the stack.");
    }
}
