using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Kitaru.Core.Telemetry;

/// <summary>
/// Traces and metrics of Kitaru (docs/observability.md): an activity source and a meter, both named <see cref="Name"/>. Without a listener they cost next to nothing.
/// </summary>
public static class KitaruTelemetry
{
    /// <summary>The name to listen to, of the activity source and of the meter.</summary>
    public const string Name = "Kitaru";

    /// <summary>Spans: client calls, runs of executions, checkpoints, commits, waits.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Counters and histograms of what a process does.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>Where a stored trace context leads; without one, a trace that is the execution's own.</summary>
    /// <param name="traceParent">As of W3C Trace Context, or null.</param>
    /// <param name="execution">Its id is the id of the trace when there is no other.</param>
    public static ActivityContext ParentOf(string? traceParent, ExecutionId execution) =>
        ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? parent : OwnTrace(execution);

    /// <summary>The present trace context, to be stored; null when there is none. A server that tells nobody of its spans hands on what it was given.</summary>
    public static string? Current => Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity ? null
        : activity.HasRemoteParent && !Source.HasListeners() ? activity.ParentId
        : activity.Id;

    /// <summary>All runs of an execution find each other by its id, whoever they ran on.</summary>
    private static ActivityContext OwnTrace(ExecutionId execution)
    {
        Span<byte> id = stackalloc byte[16];
        execution.Value.TryWriteBytes(id, bigEndian: true, out _);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(id), ActivitySpanId.CreateFromBytes(id[8..]), ActivityTraceFlags.Recorded, isRemote: true);
    }
}
