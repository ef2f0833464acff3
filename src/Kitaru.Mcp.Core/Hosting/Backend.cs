using Kitaru.Client.Connection;
using Kitaru.Core;
using Kitaru.Mcp.Connection;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Kitaru behind the server. What the client is connected to opens in the background, so that a client's initialize is never kept waiting by it; a tool call waits. Opening
/// that failed is tried again by the next call. While it is the embedded store, what continues executions runs here; a server does that itself.
/// </summary>
/// <param name="client">The client; not opened yet.</param>
/// <param name="startStack">Starts what continues executions on the embedded store, or null for nothing.</param>
internal sealed class Backend(KitaruClient client, Func<IControlPlane, IAsyncDisposable>? startStack) : IAsyncDisposable
{
    /// <summary>How soon a start or stop of the local server, or a login, is noticed when nobody calls.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>For how long calls that come one after another take for granted that nothing was started, stopped or logged in to: looking costs several looks at the disk.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(5);

    /// <summary>While one call looks, others that come meanwhile go on with what the last one saw, unless that is as old as this.</summary>
    private static readonly TimeSpan LookingMax = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private IAsyncDisposable? _stack;
    private Task _following = Task.CompletedTask;
    private Look? _last;
    private int _looking;

    /// <summary>The client: it opens by itself, but what continues executions starts with <see cref="OpenAsync"/>.</summary>
    public KitaruClient Client { get; } = client;

    /// <summary>What kitaru_status has just answered.</summary>
    public BriefAnswer Status { get; } = new();

    /// <summary>Begins to open, and to follow what the client is connected to; whatever goes wrong is said by the first call that needs it.</summary>
    public void Start() => _following = FollowAsync(_stop.Token);

    /// <summary>The ports, opened.</summary>
    public async Task<IControlPlane> OpenAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _last) is not { } last || TimeProvider.System.GetElapsedTime(last.At) is var age && age >= LookingMax)
            return await OpenOnceAsync().WaitAsync(cancellationToken);
        if (age < Settled || Interlocked.CompareExchange(ref _looking, 1, 0) != 0)
            return last.ControlPlane;
        try
        {
            // Not the caller's token: who goes away leaves no half opened store behind.
            return await OpenOnceAsync().WaitAsync(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    /// <summary>A call has started or stopped the local server: the next one sees it.</summary>
    public void LookAgain() => Volatile.Write(ref _last, null);

    /// <summary>The same backend seen through another client of it; needs no disposing.</summary>
    public static Backend Over(KitaruClient view) => new(view, null);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _gate.WaitAsync();
        if (_stack is not null)
            await _stack.DisposeAsync();
        _gate.Release();
        await Client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task<IControlPlane> OpenOnceAsync()
    {
        if (startStack is null)
            return await Client.OpenAsync(CancellationToken.None);
        // Opening takes its time, and looking for the stack may; what is open already is there at once.
        if (Volatile.Read(ref _last) is null)
            await Task.Yield();
        var lookedAt = TimeProvider.System.GetTimestamp();
        var connection = Client.ReadConnection();
        var controlPlane = await Client.OpenAsync(CancellationToken.None);
        // Changed in this moment: whoever looks next sees to it.
        if (Client.ReadConnection() != connection)
            return controlPlane;
        var isEmbedded = connection.Kind == ConnectionKind.Embedded;
        if (isEmbedded == Volatile.Read(ref _stack) is not null)
        {
            Volatile.Write(ref _last, new Look(controlPlane, lookedAt));
            return controlPlane;
        }
        await _gate.WaitAsync();
        try
        {
            if (_stop.IsCancellationRequested || isEmbedded == _stack is not null)
                return controlPlane;
            if (!isEmbedded)
                await _stack!.DisposeAsync();
            Volatile.Write(ref _stack, isEmbedded ? startStack(controlPlane) : null);
        }
        finally
        {
            _gate.Release();
        }
        return controlPlane;
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await OpenOnceAsync();
            }
            catch (KitaruException)
            {
                // The next call says it.
            }
            await Task.Delay(Interval, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private sealed record Look(IControlPlane ControlPlane, long At);
}
