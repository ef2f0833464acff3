using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Workers;

internal static class WorkerEndpoints
{
    public static void MapWorkers(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/workers").WithTags("workers");
        group.MapGet("", async (Call call, CancellationToken stop) => new ListBody<WorkerRecord>(await call.Plane.Workers.ListAsync(stop)))
            .RequireRole(Role.Viewer).WithSummary("Known workers.");
        group.MapPut("/{worker}", async (Call call, string worker, WorkerRecord body, CancellationToken stop) =>
            {
                CheckId(worker, body.Id);
                WorkerAccess.CheckKind(call, new WorkerKind(body.Snapshot, body.Environment), call.Principal.Worker?.Execution);
                await call.Plane.Workers.RegisterAsync(body, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member, WorkerRule.Itself).WithSummary("Makes a worker known.");
        group.MapDelete("/{worker}", async (Call call, Guid worker, CancellationToken stop) =>
            {
                await call.Plane.Workers.DeregisterAsync(new WorkerId(worker), stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member, WorkerRule.Itself).WithSummary("Forgets a worker; what it held is runnable at once.");
        group.MapPost("/{worker}/claims", ClaimAsync).RequireRole(Role.Member, WorkerRule.Itself).WithSummary("Takes runnable executions of a kind, or the one that is named.");
        group.MapPost("/{worker}/renewals", async (Call call, Guid worker, LeasesBody body, CancellationToken stop) =>
            {
                foreach (var lease in body.Leases)
                    WorkerAccess.CheckOwner(call, lease);
                await call.Plane.Workers.RenewAsync(new WorkerId(worker), body.Leases, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member, WorkerRule.Itself).WithSummary("Says that a worker lives, and renews its leases.");
        group.MapPost("/signals", async (Call call, LeasesBody body, CancellationToken stop) =>
            {
                foreach (var lease in body.Leases)
                    WorkerAccess.CheckOwner(call, lease);
                return new ListBody<LeaseSignal>(await call.Plane.Workers.ReadSignalsAsync(body.Leases, stop));
            })
            .RequireRole(Role.Member, WorkerRule.Any).WithSummary("What a worker must know of the executions it holds.");
        group.MapPost("/reap", async (Call call, ReapBody body, CancellationToken stop) => new ListBody<WorkerRecord>(await call.Plane.Workers.ReapAsync(body.Dead, stop)))
            .RequireRole(Role.Member).WithSummary("Takes executions away from dead workers.");
        group.MapGet("/runnable", (Call call, CancellationToken stop) => call.Plane.Workers.FindRunnableAsync(stop))
            .RequireRole(Role.Viewer).WithSummary("For which kinds of workers something is runnable.");
        api.MapGet("/environments", (Call call, string id, CancellationToken stop) => call.Plane.Workers.GetEnvironmentAsync(new EnvironmentId(id), stop))
            .RequireRole(Role.Member, WorkerRule.Kind).WithTags("workers").WithSummary("What is in an environment.");
        api.MapGet("/executions/{id}/peek", (Call call, string id, CancellationToken stop) => call.Plane.Workers.PeekAsync(ExecutionId.Parse(id), stop).OrThrowAsync("execution", id))
            .RequireRole(Role.Viewer).WithTags("workers").WithSummary("What a worker would be given to go on with it.");
    }

    private static async Task<ListBody<ClaimedExecution>> ClaimAsync(Call call, Guid worker, ClaimBody body, CancellationToken stop)
    {
        WorkerAccess.CheckKind(call, body.Kind, body.Execution);
        var id = new WorkerId(worker);
        if (body.Execution is not { } execution)
            return new ListBody<ClaimedExecution>(await call.Plane.Workers.ClaimAsync(id, body.Kind, body.Max, body.Flows, stop));
        return new ListBody<ClaimedExecution>(await call.Plane.Workers.ClaimOneAsync(id, body.Kind, execution, stop) is { } claimed ? [claimed] : []);
    }

    private static void CheckId(string address, WorkerId body)
    {
        if (body.ToString() != address)
            throw new KitaruUsageException($"The body is of worker {body}, the address names '{Texts.Short(address, 80)}'.");
    }
}
