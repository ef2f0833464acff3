using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Executions;

internal static class ExecutionEndpoints
{
    public static void MapExecutions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/executions").WithTags("executions");
        group.MapPost("", (Call call, NewExecution body, CancellationToken stop) => call.Plane.Executions.CreateAsync(body, stop))
            .RequireRole(Role.Member).WithSummary("Stores an execution, ready to be claimed.");
        group.MapGet("", (Call call, [AsParameters] ExecutionListQuery query, CancellationToken stop) => call.Plane.Executions.ListAsync(query.ToQuery(), stop))
            .RequireRole(Role.Viewer).WithSummary("A page of executions, newest first.");
        group.MapGet("/{id}", (Call call, string id, CancellationToken stop) => call.Plane.Executions.FindAsync(ExecutionId.Parse(id), stop).OrThrowAsync("execution", id))
            .RequireRole(Role.Viewer, WorkerRule.Holds).WithSummary("An execution without its calls and artifacts.");
        group.MapGet("/{id}/detail", (Call call, string id, CancellationToken stop) => call.Plane.Executions.GetAsync(ExecutionId.Parse(id), stop))
            .RequireRole(Role.Viewer).WithSummary("An execution with everything that hangs on it.");
        group.MapGet("/{id}/explain", (Call call, string id, CancellationToken stop) => call.Plane.Executions.ExplainAsync(ExecutionId.Parse(id), stop))
            .RequireRole(Role.Viewer).WithSummary("Where it stands, in words, with evidence and what to do next.");
        group.MapPost("/{id}/cancel", (Call call, string id, CancelBody? body, CancellationToken stop) => call.Plane.Executions.CancelAsync(ExecutionId.Parse(id), call.By(body?.By), stop))
            .RequireRole(Role.Member).WithSummary("Ends it as cancelled.");
        group.MapPost("/{id}/retry", (Call call, string id, RetryBody? body, CancellationToken stop) => call.Plane.Executions.RetryAsync(ExecutionId.Parse(id), body?.Code, call.By(body?.By), stop))
            .RequireRole(Role.Member).WithSummary("Re-opens a failed execution under its id.");
        group.MapPost("/{id}/resume", async (Call call, string id, ResumeBody? body, CancellationToken stop) =>
                new ResumedBody(await call.Plane.Executions.ResumeAsync(ExecutionId.Parse(id), call.By(body?.By), stop)))
            .RequireRole(Role.Member).WithSummary("Makes one that waits for nothing runnable now.");
        group.MapPost("/{id}/tags", (Call call, string id, TagsBody body, CancellationToken stop) => call.Plane.Executions.TagAsync(ExecutionId.Parse(id), body.Add ?? [], body.Remove ?? [], stop))
            .RequireRole(Role.Member).WithSummary("Adds and removes labels.");
    }
}
