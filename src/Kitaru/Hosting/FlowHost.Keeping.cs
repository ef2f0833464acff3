using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru.Hosting;

/// <content>What a host does for the runs it has.</content>
public sealed partial class FlowHost
{
    /// <summary>A body that keeps its thread longer than this, outside a synchronous checkpoint, is blocked for good.</summary>
    private static readonly TimeSpan BlockedBodyMax = TimeSpan.FromSeconds(30);

    /// <summary>Calls that run for longer are announced, so that observers see them and a crash leaves a trace.</summary>
    private static readonly TimeSpan AnnouncedAfter = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<ExecutionId, IReadOnlyList<RunningCall>> _announced = [];

    /// <summary>What cannot be written, for want of space perhaps, must not end what keeps leases.</summary>
    private static async Task SayAsync(string line)
    {
        try
        {
            await Console.Error.WriteLineAsync(line).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // There is nowhere left to say it.
        }
    }

    /// <summary>
    /// A program may be all there is: nobody else would take over what its earlier runs left. Workers have a local stack that does it, and
    /// that reads their last words.
    /// </summary>
    private async Task ReapPredecessorsAsync(CancellationToken cancellationToken)
    {
        if (_options.Worker.Snapshot.IsProgram)
            _ = await _options.ControlPlane.Workers.ReapAsync(dead: null, cancellationToken).ConfigureAwait(false);
    }

    private async Task LookAfterRunsAsync(CancellationToken cancellationToken)
    {
        var abandoned = IsAbandoned;
        foreach (var gone in _announced.Keys.Except(Running).ToArray())
            _announced.Remove(gone);
        foreach (var run in Runs())
        {
            _ = run.Log.FlushAsync();
            if (abandoned)
                run.Wake();
            if (run.BlockedFor() > BlockedBodyMax)
            {
                await run.FinishFailedAsync(new Failure(
                    $"The body of flow '{run.Execution.FlowName}' has blocked its thread for {BlockedBodyMax.TotalSeconds:0} seconds. "
                    + "A flow body must await; move blocking work and long computations into a [Checkpoint] method.",
                    null, null, FailureOrigin.UserCode)).ConfigureAwait(false);
                continue;
            }
            await AnnounceAsync(run, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AnnounceAsync(FlowRun run, CancellationToken cancellationToken)
    {
        var calls = run.RunningFor(AnnouncedAfter);
        var before = _announced.GetValueOrDefault(run.Execution.Id) ?? [];
        if (calls.SequenceEqual(before))
            return;
        try
        {
            await _options.ControlPlane.Journal.AnnounceAsync(run.Lease, calls, cancellationToken).ConfigureAwait(false);
        }
        catch (KitaruLeaseLostException)
        {
            run.OnSignal(new LeaseSignal(run.Execution.Id, Lost: true, Cancelled: false, []));
        }
        if (calls.Count == 0)
            _announced.Remove(run.Execution.Id);
        else
            _announced[run.Execution.Id] = calls;
    }

    private async Task DrainAsync()
    {
        Volatile.Write(ref _draining, true);
        var runs = Runs();
        foreach (var run in runs)
            run.Wake();
        var ended = Task.WhenAll(runs.Select(run => run.Ended));
        await Task.WhenAny(ended, Task.Delay(_options.DrainTimeout, _options.Time)).ConfigureAwait(false);
    }

    /// <summary>
    /// User code may end the process. When just one execution can have done it, it fails with that; otherwise all are taken over.
    /// </summary>
    private ExitWatch WatchForProcessExit()
    {
        EventHandler onExit = (_, _) =>
        {
            var runs = Runs();
            // A program may end whenever it likes, and so may a process whose execution only rests: it is taken over.
            if (Volatile.Read(ref _draining) || _options.Worker.Snapshot.IsProgram || runs is not [{ IsResting: false } only])
                return;
            var running = string.Join(", ", only.RunningFor(TimeSpan.Zero).Select(call => call.Key));
            var finishing = only.FinishFailedAsync(new Failure(
                $"The flow ended its process with exit code {Environment.ExitCode}; running: {(running.Length == 0 ? "the flow body" : running)}. "
                + "A flow must not call Environment.Exit: return or throw instead.",
                null, null, FailureOrigin.UserCode));
            finishing.Wait(TimeSpan.FromSeconds(3));
        };
        AppDomain.CurrentDomain.ProcessExit += onExit;
        return new ExitWatch(onExit);
    }

    private sealed class ExitWatch(EventHandler handler) : IDisposable
    {
        public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= handler;
    }
}
