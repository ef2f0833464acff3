using Kitaru.Core;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Artifacts;

internal static class ArtifactEndpoints
{
    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        var artifacts = api.MapGroup("/artifacts").WithTags("artifacts");
        artifacts.MapGet("/{id}", (Call call, string id, CancellationToken stop) => call.Plane.Artifacts.GetAsync(ArtifactId.Parse(id), stop))
            .RequireRole(Role.Viewer).WithSummary("An artifact, with its bytes if they are few.");
        artifacts.MapGet("/{id}/content", async (Call call, string id, CancellationToken stop) =>
            {
                var artifact = await call.Plane.Artifacts.GetAsync(ArtifactId.Parse(id), stop);
                return ByteAnswer.Of(call.Plane.Artifacts, artifact.Value, 0, artifact.Value.SizeBytes);
            })
            .RequireRole(Role.Viewer).WithSummary("Its bytes.");
        var values = api.MapGroup("/values").WithTags("artifacts");
        values.MapGet("/{hash}", (Call call, string hash, long? offset, long? count) =>
                ByteAnswer.Of(call.Plane.Artifacts, new StoredValue(StoredValue.Bytes, "", hash, long.MaxValue, Inline: null), offset ?? 0, count ?? long.MaxValue))
            .RequireRole(Role.Viewer, WorkerRule.Run).WithSummary("Bytes of a large value, by their SHA-256.");
        values.MapPut("/{hash}", StoreAsync)
            .RequireRole(Role.Member, WorkerRule.Run).WithMetadata(new BodyLimit(LargeBody.BytesMax)).WithSummary("Stores a large value under its SHA-256, before the record that refers to it.");
    }

    private static async Task<IResult> StoreAsync(Call call, string hash, HttpRequest request, CancellationToken stop)
    {
        var bytes = await LargeBody.ReadAsync(request, stop);
        if (bytes.Length <= StoredValue.InlineBytesMax)
            throw new KitaruUsageException($"A value of {bytes.Length} bytes is no large one: up to {StoredValue.InlineBytesMax} bytes stand in the record itself.");
        await call.Plane.Artifacts.StoreAsync(new StoredValue(StoredValue.Bytes, "", hash, bytes.Length, bytes), stop);
        return Results.NoContent();
    }
}
