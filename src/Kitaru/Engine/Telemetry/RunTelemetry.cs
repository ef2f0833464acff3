using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kitaru.Core;
using Kitaru.Core.Telemetry;

namespace Kitaru.Engine;

/// <summary>
/// What one run tells of itself. Its span hangs below whoever created the execution, in whichever process that was; checkpoints hang below the run, and
/// what a checkpoint does below it.
/// </summary>
internal sealed class RunTelemetry(ExecutionRecord execution, Lease lease)
{
    private static readonly Counter<long> Runs = KitaruTelemetry.Meter.CreateCounter<long>("kitaru.runs", "{run}", "Runs of executions by how they ended on this worker.");

    private static readonly UpDownCounter<long> Active = KitaruTelemetry.Meter.CreateUpDownCounter<long>("kitaru.runs.active", "{run}", "Executions this process holds.");

    private static readonly Histogram<double> CheckpointSeconds =
        KitaruTelemetry.Meter.CreateHistogram<double>("kitaru.checkpoint.duration", "s", "Attempts of checkpoints, until their result is known.");

    private static readonly Histogram<double> CommitSeconds =
        KitaruTelemetry.Meter.CreateHistogram<double>("kitaru.commit.duration", "s", "From a result to its being durable.");

    private Activity? _run;

    /// <summary>Makes the run's span the parent of whatever the body does. Call it inside the body's execution context.</summary>
    public void Begin()
    {
        Active.Add(1);
        if (!KitaruTelemetry.Source.HasListeners())
            return;
        _run = KitaruTelemetry.Source.StartActivity(
            $"run {execution.FlowName}", ActivityKind.Consumer, KitaruTelemetry.ParentOf(execution.TraceParent, execution.Id),
            [
                new("kitaru.execution.id", execution.Id.ToString()), new("kitaru.flow.name", execution.FlowName), new("kitaru.worker.id", lease.Owner.ToString()),
                new("kitaru.execution.epoch", lease.Epoch), new("kitaru.execution.takeovers", execution.Takeovers),
            ]);
    }

    public void End(RunEnd end, ExecutionStatus? status)
    {
        var outcome = end == RunEnd.Finished && status is { } known ? Name(known) : Name(end);
        Active.Add(-1);
        Runs.Add(1, new("kitaru.flow.name", execution.FlowName), new("kitaru.run.outcome", outcome));
        if (_run is null)
            return;
        _run.SetTag("kitaru.run.outcome", outcome);
        if (status == ExecutionStatus.Failed)
            _run.SetStatus(ActivityStatusCode.Error);
        _run.Stop();
    }

    /// <summary>One attempt of a checkpoint; null when nobody listens. Dispose it when the attempt is over.</summary>
    public Activity? BeginAttempt(string key, string name, string? type, int attempt) =>
        _run is null ? null : KitaruTelemetry.Source.StartActivity(
            $"checkpoint {name}", ActivityKind.Internal, _run.Context,
            [
                new("kitaru.execution.id", execution.Id.ToString()), new("kitaru.checkpoint.key", key), new("kitaru.checkpoint.type", type), new("kitaru.checkpoint.attempt", attempt),
            ]);

    /// <summary>The failure's type only: its message may hold anything.</summary>
    public static void EndAttempt(Activity? activity, string name, TimeSpan took, Failure? failure)
    {
        CheckpointSeconds.Record(took.TotalSeconds, new("kitaru.checkpoint.name", name), new("kitaru.checkpoint.outcome", failure is null ? "completed" : "failed"));
        if (activity is null)
            return;
        if (failure is not null)
            activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", failure.ExceptionType ?? "unknown");
        activity.Stop();
    }

    /// <summary>Waits for a commit and tells how long it took.</summary>
    public Task ObserveCommit(Task committing, JournalEntry entry)
    {
        return _run is null && !CommitSeconds.Enabled ? committing : ObserveAsync();

        async Task ObserveAsync()
        {
            var began = Stopwatch.GetTimestamp();
            using var activity = _run is null ? null : KitaruTelemetry.Source.StartActivity(
                "commit", ActivityKind.Internal, _run.Context, [new("kitaru.checkpoint.key", entry.Key), new("kitaru.journal.seq", entry.Seq)]);
            try
            {
                await committing.ConfigureAwait(false);
            }
            catch (KitaruException fault)
            {
                activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", fault.Code);
                throw;
            }
            CommitSeconds.Record(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    /// <summary>A wait that is over, from its question to its answer; by the run that sees the answer.</summary>
    public void Waited(WaitRecord wait)
    {
        using var activity = _run is null ? null : KitaruTelemetry.Source.StartActivity(
            $"wait {wait.Name}", ActivityKind.Internal, _run.Context,
            [new("kitaru.execution.id", execution.Id.ToString()), new("kitaru.wait.status", wait.Status == WaitStatus.Aborted ? "aborted" : "answered")],
            links: null, startTime: wait.EnteredAt);
        if (wait.ResolvedAt is { } resolved)
            activity?.SetEndTime(resolved.UtcDateTime);
    }

    private static string Name<T>(T value)
        where T : struct, Enum =>
        value.ToString().ToLowerInvariant();
}
