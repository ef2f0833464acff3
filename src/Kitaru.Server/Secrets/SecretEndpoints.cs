using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Secrets;

internal static class SecretEndpoints
{
    public static void MapSecrets(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/secrets").WithTags("secrets");
        group.MapGet("", async (Call call, CancellationToken stop) => new ListBody<SecretSummary>(await call.Plane.Secrets.ListAsync(stop)))
            .RequireRole(Role.Viewer).WithSummary("All secrets, without values.");
        group.MapGet("/find", (Call call, string name, CancellationToken stop) => call.Plane.Secrets.FindAsync(name, stop).OrThrowAsync("secret", name))
            .RequireRole(Role.Viewer, WorkerRule.Secret).WithSummary("A secret by name or id, without values.");
        group.MapGet("/read", (Call call, HttpResponse response, string name, CancellationToken stop) =>
            {
                response.Headers.CacheControl = "no-store";
                return call.Plane.Secrets.ReadAsync(name, stop);
            })
            .RequireRole(Role.Member, WorkerRule.Secret).WithSummary("A secret with its values.");
        group.MapPost("", (Call call, SecretBody body, CancellationToken stop) => call.Plane.Secrets.CreateAsync(body.Name, body.Values, body.IsPrivate, stop))
            .RequireRole(Role.Member).WithSummary("Stores a new secret.");
        group.MapPut("", async (Call call, SecretBody body, CancellationToken stop) =>
            {
                var (secret, created) = await call.Plane.Secrets.SetAsync(body.Name, body.Values, body.IsPrivate, stop);
                return new SecretSetBody(secret, created);
            })
            .RequireRole(Role.Member).WithSummary("Creates it, or replaces just these keys.");
        group.MapDelete("", (Call call, string name, CancellationToken stop) => call.Plane.Secrets.DeleteAsync(name, stop))
            .RequireRole(Role.Member).WithSummary("Deletes it.");
        group.MapPost("/rotate_key", async (Call call, CancellationToken stop) => new CountBody(await call.Plane.Secrets.RotateKeyAsync(stop)))
            .RequireRole(Role.Admin).WithSummary("Encrypts every value anew under a new key.");
    }
}
