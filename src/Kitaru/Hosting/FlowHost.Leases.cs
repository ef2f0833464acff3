using Kitaru.Core;
using Kitaru.Engine;

namespace Kitaru.Hosting;

/// <content>What a host knows of its leases. It goes by its own clock, from when it asked: the store's answer may have been long on its way.</content>
public sealed partial class FlowHost
{
    private IWorkers Leases => _options.ControlPlane.Workers;

    private async Task KeepLeasesAsync(CancellationToken cancellationToken)
    {
        var interval = Leases.LeaseDuration / 3;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RenewAsync(Runs(), cancellationToken).ConfigureAwait(false);
                await ReapPredecessorsAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (KitaruException exception)
            {
                await SayAsync($"The leases were not renewed: {exception.Message}").ConfigureAwait(false);
            }
            await Task.Delay(interval, _options.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A lease that ran out may have been another's before this, and then was not renewed: its run is told before it counts as held.</summary>
    private async Task RenewAsync(FlowRun[] runs, CancellationToken cancellationToken)
    {
        var askedAt = _options.Time.GetTimestamp();
        await Leases.RenewAsync(_options.Worker.Id, [.. runs.Select(run => run.Lease)], cancellationToken).ConfigureAwait(false);
        if (runs.Any(HasRunOut))
            await SendSignalsAsync(runs, cancellationToken).ConfigureAwait(false);
        foreach (var run in runs)
            run.HeldSince = askedAt;
    }

    private async Task SendSignalsAsync(FlowRun[] runs, CancellationToken cancellationToken)
    {
        if (runs.Length == 0)
            return;
        foreach (var signal in await Leases.ReadSignalsAsync([.. runs.Select(run => run.Lease)], cancellationToken).ConfigureAwait(false))
            runs.FirstOrDefault(run => run.Execution.Id == signal.ExecutionId)?.OnSignal(signal);
    }

    private bool HasRunOut(FlowRun run) => _options.Time.GetElapsedTime(run.HeldSince) > Leases.LeaseDuration;

    private ValueTask<bool> StillHoldsAsync(FlowRun run) => HasRunOut(run) ? new ValueTask<bool>(AskAsync(run)) : new ValueTask<bool>(true);

    private async Task<bool> AskAsync(FlowRun run)
    {
        await RenewAsync([run], CancellationToken.None).ConfigureAwait(false);
        return !run.HasStopped;
    }
}
