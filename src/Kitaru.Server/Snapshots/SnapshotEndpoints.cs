using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Snapshots;

internal static class SnapshotEndpoints
{
    /// <summary>A little more than an archive may have, so that the refusal names the rule.</summary>
    private const long ContentBytesMax = 257L * 1024 * 1024;

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
            .RequireRole(Role.Viewer, WorkerRule.Kind).WithSummary("Compiled code: the flows in it.");
        group.MapGet("/{snapshot}/content/state", async (Call call, string snapshot, CancellationToken stop) => new ContentBody(await call.Plane.Snapshots.HasContentAsync(new SnapshotId(snapshot), stop)))
            .RequireRole(Role.Viewer, WorkerRule.Kind).WithSummary("Whether its files are kept.");
        group.MapGet("/{snapshot}/content", async (Call call, string snapshot, CancellationToken stop) =>
                Results.Stream(await call.Plane.Snapshots.OpenContentAsync(new SnapshotId(snapshot), stop), "application/zip"))
            .RequireRole(Role.Member, WorkerRule.Kind).WithSummary("Its files, as a zip archive.");
        group.MapPut("/{snapshot}/content", async (Call call, string snapshot, HttpRequest request, CancellationToken stop) =>
            {
                await call.Plane.Snapshots.StoreContentAsync(new SnapshotId(snapshot), request.Body, stop);
                return Results.NoContent();
            })
            .RequireRole(Role.Member).WithMetadata(new BodyLimit(ContentBytesMax)).WithSummary("Keeps its files, which must be those its id is the hash of.");
    }
}
