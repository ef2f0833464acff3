using Kitaru.Core.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Kitaru.Worker;

/// <summary>
/// Sends traces and metrics where OpenTelemetry's own variables say (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its relatives); without one nothing is loaded.
/// </summary>
internal sealed class WorkerTelemetry : IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    private WorkerTelemetry(Func<ResourceBuilder> resource)
    {
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource()).AddSource(KitaruTelemetry.Name).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource()).AddMeter(KitaruTelemetry.Name).AddOtlpExporter().Build();
    }

    /// <summary>Null when nobody wants to hear it.</summary>
    public static WorkerTelemetry? Start(Guid worker) => Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 }
        ? new WorkerTelemetry(() => ResourceBuilder.CreateDefault().AddService("kitaru-worker", serviceInstanceId: worker.ToString()).AddEnvironmentVariableDetector())
        : null;

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }
}
