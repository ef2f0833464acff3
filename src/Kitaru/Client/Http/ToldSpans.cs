using System.Diagnostics;

namespace Kitaru.Client.Http;

/// <summary>
/// Hands the trace context on to the server. Inside any span, .NET makes one more for each request, and names that one to the server even where nobody listens to
/// <c>System.Net.Http</c>: what the server then tells would hang below a span that no one has ever been told of. Then the span around the request is named instead.
/// </summary>
internal sealed class ToldSpans : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _w3c = CreateDefaultPropagator();

    public override IReadOnlyCollection<string> Fields => _w3c.Fields;

    /// <summary>One that was made without a source is told to nobody.</summary>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        _w3c.Inject(activity is { Source.Name: "", Parent: { } around } ? around : activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        _w3c.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        _w3c.ExtractBaggage(carrier, getter);
}
