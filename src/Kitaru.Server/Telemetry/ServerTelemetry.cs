using Kitaru.Core;
using Kitaru.Core.Telemetry;
using Kitaru.Server.Access;
using Kitaru.Server.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kitaru.Server.Telemetry;

/// <summary>Traces and metrics of the server: to where OpenTelemetry's own variables say, and metrics to whoever scrapes them (docs/observability.md).</summary>
internal static class ServerTelemetry
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Meters =
        [KitaruTelemetry.Name, ServerGauges.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Npgsql", "System.Runtime"];

    private static readonly string[] Sources = [KitaruTelemetry.Name, "Microsoft.AspNetCore", "Npgsql"];

    public static void Add(WebApplicationBuilder builder)
    {
        var sends = Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 };
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("kitaru-server", serviceVersion: KitaruServer.Version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters).AddPrometheusExporter();
                if (sends)
                    metrics.AddOtlpExporter();
            });
        // Without a listener nothing is traced at all.
        if (sends)
            telemetry.WithTracing(traces => traces.AddSource(Sources).AddOtlpExporter());
        builder.Services.AddSingleton<ServerGauges>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ServerGauges>());
    }

    /// <summary>Names of projects are in it, so it asks for a token like everything else.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app) =>
        app.MapPrometheusScrapingEndpoint("/metrics").RequireOnServer(Role.Viewer);
}
