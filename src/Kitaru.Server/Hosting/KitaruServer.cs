using System.Reflection;
using Kitaru.ControlPlane.Access;
using Kitaru.Core.Http;
using Kitaru.Server.Access;
using Kitaru.Server.Artifacts;
using Kitaru.Server.Deployments;
using Kitaru.Server.Events;
using Kitaru.Server.Executions;
using Kitaru.Server.Idempotency;
using Kitaru.Server.Journal;
using Kitaru.Server.Logs;
using Kitaru.Server.Mcp;
using Kitaru.Server.OpenApi;
using Kitaru.Server.Projects;
using Kitaru.Server.Replays;
using Kitaru.Server.Requests;
using Kitaru.Server.Retention;
using Kitaru.Server.Secrets;
using Kitaru.Server.Snapshots;
using Kitaru.Server.Stacks;
using Kitaru.Server.Statistics;
using Kitaru.Server.Telemetry;
using Kitaru.Server.Transfers;
using Kitaru.Server.Waits;
using Kitaru.Server.Workers;

namespace Kitaru.Server.Hosting;

/// <summary>Puts a server together.</summary>
internal static class KitaruServer
{
    /// <summary>The version of the program.</summary>
    public static string Version { get; } =
        typeof(KitaruServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>A server that is not started yet.</summary>
    /// <param name="options">How it runs.</param>
    /// <param name="projects">The projects.</param>
    /// <param name="stores">Where everything is stored; whoever opened it closes it.</param>
    /// <param name="authenticators">Who is asked about tokens.</param>
    /// <param name="configure">Changes what is registered.</param>
    public static WebApplication Build(
        ServerOptions options, IProjects projects, IProjectStores stores, IReadOnlyList<IAuthenticator> authenticators, Action<WebApplicationBuilder>? configure = null)
    {
        // Files of settings are read once: a server that watches its folder is woken by whatever else is written there.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseUrls(options.Urls);
        // The framework's own lines have whole addresses in them, with the names that are asked for.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        ServerLimits.Apply(builder, options);
        builder.Services.Configure<Microsoft.AspNetCore.Http.Json.JsonOptions>(json => WireJson.Apply(json.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(projects);
        builder.Services.AddSingleton(stores);
        builder.Services.AddSingleton(new Rates(options, TimeProvider.System));
        foreach (var authenticator in authenticators)
            builder.Services.AddSingleton(authenticator);
        builder.Services.AddSingleton(services => new ServerInstance(options.Instance ?? Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"), services.GetRequiredService<IHostApplicationLifetime>()));
        builder.Services.AddDocument();
        ServerTelemetry.Add(builder);
        configure?.Invoke(builder);
        builder.Services.AddMcp(options.Mcp);
        var app = builder.Build();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<ErrorMiddleware>();
        if (options.IsLocal)
            app.UseMiddleware<LoopbackOnly>();
        app.UseRouting();
        app.UseMiddleware<FailedAttempts>();
        app.UseMiddleware<AccessMiddleware>();
        app.MapProbes();
        app.MapMcp();
        app.MapMetrics();
        app.MapOpenApi("/openapi/{documentName}.json").AllowEverybody();
        var api = app.MapGroup("/api/v1").AddEndpointFilter(new KeyFilter());
        api.MapInfo();
        api.MapUser();
        api.MapShutdown();
        api.MapExecutions();
        api.MapEvents();
        api.MapChanges();
        api.MapStatistics();
        api.MapReplays();
        api.MapWaits();
        api.MapArtifacts();
        api.MapLogs();
        api.MapSnapshots();
        api.MapDeployments();
        api.MapInvocations();
        api.MapWorkers();
        api.MapJournal();
        api.MapSecrets();
        api.MapRetention();
        api.MapStacks();
        api.MapIdempotency();
        api.MapTransfers();
        if (app.Services.GetService<ServerAccess>() is not null)
            api.MapAccess();
        return app;
    }
}
