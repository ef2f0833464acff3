using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Projects;

namespace Kitaru.Server.Hosting;

internal static class InfoEndpoints
{
    public static void MapInfo(this IEndpointRouteBuilder api) =>
        api.MapGet("/info", (ServerOptions options, ServerInstance instance, IProjectStores projects) => new ServerInfo
            {
                Version = KitaruServer.Version,
                ApiVersion = ServerInfo.Present,
                InstanceId = instance.Id,
                Database = projects.Database,
                DeploymentType = options.IsLocal ? "local" : "shared",
                LeaseSeconds = projects.LeaseDuration.TotalSeconds,
            })
            .RequireRole(Role.Viewer, WorkerRule.Any).WithTags("server").WithSummary("What this server is.");

    /// <summary>For whoever watches over processes: no credential, and nothing said but yes or no.</summary>
    public static void MapProbes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", () => Results.Text("alive")).AllowEverybody().WithTags("server").WithSummary("Whether the process lives.");
        app.MapGet("/ready", async (IProjectStores projects, ServerInstance instance, CancellationToken stop) =>
            {
                if (instance.Stopping.IsCancellationRequested)
                    return Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable);
                try
                {
                    var project = await projects.FindAsync(Project.DefaultName, stop);
                    await (await projects.OpenAsync(project!, stop)).Executions.FindAsync(new ExecutionId(Guid.Empty), stop);
                    return Results.Text("ready");
                }
                catch (KitaruException)
                {
                    return Results.Text("the store does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
                }
            })
            .AllowEverybody().WithTags("server").WithSummary("Whether the store answers.");
    }
}
