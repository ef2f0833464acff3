using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Transfers;

/// <summary>Moving a project in and out. What comes in may say anything of the past, so only an administrator sends it.</summary>
internal static class TransferEndpoints
{
    public static void MapTransfers(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/transfers").WithTags("transfers");
        group.MapPost("/export", (Call call, ExportBody body, CancellationToken stop) => call.Plane.Transfers.ExportAsync(body.After, body.Limit, body.WithOpen, stop))
            .RequireRole(Role.Member).WithSummary("A page of executions with everything that hangs on them.");
        group.MapPost("/closed", async (Call call, CloseMovedBody body, CancellationToken stop) => new ListBody<ExecutionId>(
                await call.Plane.Transfers.CloseMovedAsync(body.Epochs.ToDictionary(moved => moved.Id, moved => moved.Epoch), body.By ?? call.Principal.Name, stop)))
            .RequireRole(Role.Member).WithSummary("Ends open executions that were read to be moved, unless they have changed.");
        group.MapPost("/import", (Call call, ImportBatch body, CancellationToken stop) => call.Plane.Transfers.ImportAsync(body, stop))
            .RequireRole(Role.Admin).WithSummary("Stores executions, all of the batch or none.");
        group.MapPost("/digests", async (Call call, IdsBody body, CancellationToken stop) => new ListBody<DigestBody>(
                [.. (await call.Plane.Transfers.DigestAsync(body.Ids, stop)).Select(digest => new DigestBody(digest.Key, digest.Value))]))
            .RequireRole(Role.Viewer).WithSummary("The hash of everything that hangs on each of these executions.");
        group.MapGet("/deployments", async (Call call, CancellationToken stop) =>
            {
                var (items, environments) = await call.Plane.Transfers.ExportDeploymentsAsync(stop);
                return new DeploymentsBody { Items = items, Environments = environments };
            })
            .RequireRole(Role.Member).WithSummary("All deployments, to be moved.");
        group.MapPost("/deployments", async (Call call, DeploymentsBody body, CancellationToken stop) =>
                new CountBody(await call.Plane.Transfers.ImportDeploymentsAsync(body.Items, body.Environments, stop)))
            .RequireRole(Role.Admin).WithSummary("Stores deployments under their own numbers.");
    }
}
