using Kitaru.Core;

namespace Kitaru.Hosting;

/// <content>How a host takes executions.</content>
public sealed partial class FlowHost
{
    /// <summary>Until a look has found nothing, whatever makes room leads to another: one that took some may have passed over others.</summary>
    private bool _mayBeMore = true;

    /// <summary>False when this host must not start anything any more.</summary>
    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        if (await MustRetireAsync(cancellationToken).ConfigureAwait(false))
            return true;
        Volatile.Write(ref _mayBeMore, true);
        var mayBeMore = false;
        var runs = Runs();
        var working = runs.Where(run => !run.IsResting).ToList();
        var free = Math.Min(_options.Concurrency - working.Count, HeldMax - runs.Length);
        var limits = _options.FlowConcurrency;
        foreach (var (flow, limit) in limits)
        {
            var room = Math.Min(free, limit - working.Count(run => run.Execution.FlowName == flow));
            if (room <= 0)
            {
                mayBeMore = true;
                continue;
            }
            if (await ClaimAsync(room, FlowFilter.Only(flow), cancellationToken).ConfigureAwait(false) is not { } taken)
                return false;
            free -= taken;
            mayBeMore |= taken > 0;
        }
        if (free <= 0)
            return true;
        if (await ClaimAsync(free, limits.Count == 0 ? null : FlowFilter.AllBut([.. limits.Keys]), cancellationToken).ConfigureAwait(false) is not { } others)
            return false;
        Volatile.Write(ref _mayBeMore, mayBeMore || others > 0);
        return true;
    }

    /// <summary>How many were started; null when this host must not start anything any more.</summary>
    private async Task<int?> ClaimAsync(int max, FlowFilter? flows, CancellationToken cancellationToken)
    {
        var askedAt = _options.Time.GetTimestamp();
        var claims = await _options.ControlPlane.Workers.ClaimAsync(_options.Worker.Id, Kind, max, flows, cancellationToken).ConfigureAwait(false);
        if (claims.Count > 0 && await MustLeaveToOthersAsync(claims, cancellationToken).ConfigureAwait(false))
            return null;
        foreach (var claim in claims)
            Start(claim, askedAt);
        return claims.Count;
    }

    /// <summary>
    /// Whether this process is to be replaced, because a checkpoint keeps a thread of it for good; whoever starts workers is told. A program that runs its own flows has
    /// nobody to replace it.
    /// </summary>
    private async Task<bool> MustRetireAsync(CancellationToken cancellationToken)
    {
        if (_isRetiring || _options.IdleTimeout is null)
            return _isRetiring;
        lock (_gate)
            _isRetiring = _stuck.Values.Any(since => Now - since > IgnoredMax);
        if (!_isRetiring)
            return false;
        await SayAsync("A checkpoint ignores its cancellation: this worker takes nothing more, and ends when what it runs has ended.").ConfigureAwait(false);
        await _options.ControlPlane.Workers.RegisterAsync(_options.Worker with { IsRetiring = true }, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Looked at after the claim: a change that was made before an execution was started is seen for certain.</summary>
    private async Task<bool> MustLeaveToOthersAsync(IReadOnlyList<ClaimedExecution> claims, CancellationToken cancellationToken)
    {
        var isLeft = true;
        try
        {
            isLeft = await _options.AreOutdated(cancellationToken).ConfigureAwait(false);
            return isLeft;
        }
        finally
        {
            foreach (var claim in isLeft ? claims : [])
            {
                try
                {
                    await _options.ControlPlane.Journal.ReleaseAsync(
                        claim.Lease, new Release(ExecutionStatus.Queued, "handed over: a secret of its environment has changed", Now), CancellationToken.None).ConfigureAwait(false);
                }
                catch (KitaruLeaseLostException)
                {
                    // Cancelled meanwhile; the others are let go all the same.
                }
            }
        }
    }

    /// <summary>A run that has ended or rests leaves its place to another, if there may be one.</summary>
    private void MadeRoom()
    {
        // Seen in this order by whoever claims: the room, then whether anybody asks for it.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _mayBeMore))
            _wake.Release();
    }
}
