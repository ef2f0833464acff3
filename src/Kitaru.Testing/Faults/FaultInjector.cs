using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Testing.Stores;

namespace Kitaru.Testing.Faults;

/// <summary>Lets calls go wrong by chance, as a store does that lies on a real disk or behind a real network.</summary>
/// <param name="rates">How often.</param>
/// <param name="chance">Decides; the same seed and the same calls give the same faults.</param>
/// <param name="store">The store itself, to take leases away in.</param>
/// <param name="delay">How a call is delayed.</param>
internal sealed class FaultInjector(FaultRates rates, Random chance, IStore store, Func<Task> delay) : StoreInterceptor
{
    private const int DiskFullCode = 13;

    /// <summary>Whether calls go wrong at present.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Whether the present caller can wait; one that blocks its thread cannot.</summary>
    public Func<bool> MayDelay { get; init; } = static () => true;

    /// <summary>How many calls went wrong so far.</summary>
    public int Count { get; private set; }

    public override Task<T> CallAsync<T>(StoreCall call, Func<Task<T>> next)
    {
        // Waiting for changes is no request: whoever does it does it for ever.
        if (!IsOn || call.Method is nameof(IStore.WaitForChangeAsync) or nameof(IStore.WaitForWorkAsync))
            return next();
        var fault = Draw(call);
        if (fault == Fault.None)
            return next();
        Count++;
        return fault switch
        {
            Fault.FailBefore => Task.FromException<T>(Failure("did not answer. Nothing was written.")),
            Fault.FailAfterCommit => FailAfterAsync(next),
            Fault.DiskFull => Task.FromException<T>(StoreErrors.Of(new SqliteException(DiskFullCode, "database or disk is full", call.Method), "of the test")),
            Fault.Fenced => TakeAwayAsync(call.Lease!, next),
            Fault.DelayBefore => DelayBeforeAsync(next),
            _ => DelayAfterAsync(next),
        };
    }

    private Fault Draw(StoreCall call)
    {
        var dice = chance.NextDouble();
        if ((dice -= rates.FailBefore) < 0)
            return Fault.FailBefore;
        if ((dice -= rates.FailAfterCommit) < 0)
            return Fault.FailAfterCommit;
        if ((dice -= rates.DiskFull) < 0)
            return call.Writes ? Fault.DiskFull : Fault.None;
        if ((dice -= rates.Fenced) < 0)
            return call.Lease is null ? Fault.None : Fault.Fenced;
        if (dice - rates.Delay >= 0 || !MayDelay())
            return Fault.None;
        return chance.Next(2) == 0 ? Fault.DelayBefore : Fault.DelayAfter;
    }

    private async Task<T> TakeAwayAsync<T>(Lease lease, Func<Task<T>> next)
    {
        await store.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, "taken away by the test", null), CancellationToken.None).ConfigureAwait(false);
        return await next().ConfigureAwait(false);
    }

    private async Task<T> DelayBeforeAsync<T>(Func<Task<T>> next)
    {
        await delay().ConfigureAwait(false);
        return await next().ConfigureAwait(false);
    }

    private async Task<T> DelayAfterAsync<T>(Func<Task<T>> next)
    {
        var result = await next().ConfigureAwait(false);
        await delay().ConfigureAwait(false);
        return result;
    }

    private static async Task<T> FailAfterAsync<T>(Func<Task<T>> next)
    {
        await next().ConfigureAwait(false);
        throw Failure("did not answer. Whether the write was kept is not known.");
    }

    private static KitaruBackendException Failure(string what) => new($"The store of the test {what}", "Read the store again to see what was kept.");

    private enum Fault
    {
        None,
        FailBefore,
        FailAfterCommit,
        DiskFull,
        Fenced,
        DelayBefore,
        DelayAfter,
    }
}
