using Kitaru.Core;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Projects;
using Kitaru.Server.Requests;

namespace Kitaru.Server.Hosting;

internal static class InfoEndpoints
{
    public static void MapInfo(this IEndpointRouteBuilder api) =>
        api.MapGet("/info", (ServerOptions options, ServerInstance instance, IProjectStores projects) => new InfoBody
        {
            Version = KitaruServer.Version,
            ApiVersion = InfoBody.Present,
            InstanceId = instance.Id,
            Database = projects.Database,
            DeploymentType = options.IsLocal ? "local" : "shared",
            LeaseSeconds = projects.LeaseDuration.TotalSeconds,
        })
            .RequireOnServer(Role.Viewer, WorkerRule.Any).WithTags("server").WithSummary("What this server is.");

    /// <summary>What the caller is to the server.</summary>
    public static void MapUser(this IEndpointRouteBuilder api) =>
        api.MapGet("/current-user", (Call call) => new UserBody(
                call.Principal.Name, call.Principal.IsAdmin, call.Principal.Worker is null ? call.Principal.RoleIn(call.Project.Id) : null, new UserProject(call.Project.Id, call.Project.Name)))
            .RequireRole(Role.Viewer, WorkerRule.Any).WithTags("server").WithSummary("Who the token is, and in which project.");

    /// <summary>The local server is ended by its user; a shared one by whoever runs it.</summary>
    public static void MapShutdown(this IEndpointRouteBuilder api) =>
        api.MapPost("/shutdown", (ServerOptions options, IHostApplicationLifetime lifetime) =>
            {
                if (!options.IsLocal)
                    throw new KitaruFeatureNotAvailableException("A shared server is not stopped over HTTP.", "Stop its process where it runs.");
                lifetime.StopApplication();
                return Results.Accepted();
            })
            .RequireOnServer(Role.Admin).WithTags("server").WithSummary("Ends the local server; executions go on in the next process that works on the store.");

    /// <summary>For whoever watches over processes: no credential, and nothing said but yes or no.</summary>
    public static void MapProbes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", () => Results.Text("alive")).AllowEverybody().WithTags("server").WithSummary("Whether the process lives.");
        app.MapGet("/ready", async (IProjects projects, IProjectStores stores, ServerInstance instance, CancellationToken stop) =>
            {
                if (instance.Stopping.IsCancellationRequested)
                    return Results.Text("stopping", statusCode: StatusCodes.Status503ServiceUnavailable);
                try
                {
                    var project = await projects.FindAsync(Project.DefaultName, stop);
                    await (await stores.OpenAsync(project!, stop)).Executions.FindAsync(new ExecutionId(Guid.Empty), stop);
                    return Results.Text("ready");
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    return Results.Text("the store does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
                }
            })
            .AllowEverybody().WithTags("server").WithSummary("Whether the store answers.");
    }
}
