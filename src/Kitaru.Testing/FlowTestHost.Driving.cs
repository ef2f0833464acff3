using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.Testing;

/// <content>How an execution is brought forward.</content>
public sealed partial class FlowTestHost
{
    /// <summary>A flow that is entered more often than this will never end.</summary>
    private const int PassesMax = 100_000;

    /// <summary>Runs the execution, again and again if need be, until it ends or waits for the test; returns how often its body was entered.</summary>
    internal async Task<int> DriveAsync(ExecutionId id, FlowEntry flow, CancellationToken cancellationToken)
    {
        await using var services = FlowServices.Build(FlowCatalog.FromAssemblies([flow.Method.Module.Assembly]));
        for (var passes = 0; passes < PassesMax;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await _plane.Workers.ClaimOneAsync(_worker, Code, id, cancellationToken).ConfigureAwait(false) is { } claim)
            {
                passes++;
                await RunOnceAsync(claim, flow, services, cancellationToken).ConfigureAwait(false);
                continue;
            }
            var record = (await _plane.Executions.FindAsync(id, cancellationToken).ConfigureAwait(false))!;
            // A question comes before the clock: the test says whether it is answered or time passes.
            if (record.RunnableAt is not { } at || record.PendingWaits.Count > 0 || !_options.AutoAdvance)
                return passes;
            Clock.AdvanceTo(at);
        }
        throw new KitaruRuntimeException(
            $"Execution {id} of flow '{flow.Definition.Name}' has not ended after its body was entered {PassesMax} times.", "Look for a loop without an end, or lower the rates of faults.");
    }

    private async Task RunOnceAsync(ClaimedExecution claim, FlowEntry flow, IServiceProvider services, CancellationToken cancellationToken)
    {
        var before = _commits[claim.Execution.Id];
        bool HasCommitted() => _options.AlwaysReplay && _commits[claim.Execution.Id] > before;
        var run = new FlowRun(claim, flow, new FlowRunOptions
        {
            ControlPlane = _workerPlane,
            Time = Clock,
            Services = services,
            Code = Code.Value,
            Secrets = _secrets,
            LetGo = static () => true,
            Draining = HasCommitted,
            MustReenter = HasCommitted,
        });
        var timers = new SemaphoreSlim(0);
        void OnTimer() => timers.Release();
        Clock.TimerSet += OnTimer;
        try
        {
            run.Start();
            while (!run.Ended.IsCompleted)
            {
                // A run that has stopped waits only for the store that failed it.
                if (run.HasStopped && Clock.NextDue is { } due)
                    Clock.AdvanceTo(due);
                else
                    await Task.WhenAny(run.Ended, timers.WaitAsync(cancellationToken)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Clock.TimerSet -= OnTimer;
        }
    }
}
