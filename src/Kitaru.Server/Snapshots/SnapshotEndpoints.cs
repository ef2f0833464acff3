using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Snapshots;

internal static class SnapshotEndpoints
{
    public static void MapSnapshots(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/snapshots").WithTags("snapshots");
        group.MapPut("/{snapshot}", async (Call call, string snapshot, SnapshotRecord body, CancellationToken stop) =>
            {
                if (body.Id.Value != snapshot)
                    throw new KitaruUsageException($"The body is of snapshot '{Texts.Short(body.Id.Value, 80)}', the address names '{Texts.Short(snapshot, 80)}'.");
                await call.Plane.Snapshots.PutAsync(body, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member).WithSummary("Makes compiled code known.");
        group.MapGet("/{snapshot}", (Call call, string snapshot, CancellationToken stop) =>
                call.Plane.Snapshots.FindAsync(new SnapshotId(snapshot), stop).OrThrowAsync("snapshot", snapshot))
            .RequireRole(Role.Viewer, WorkerRule.Any).WithSummary("Compiled code: the flows in it.");
    }
}
