using Kitaru.Core;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Kitaru behind the server. The store opens in the background, so that a client's initialize is never kept waiting by it; a tool
/// call waits. Opening that failed is tried again by the next call.
/// </summary>
/// <param name="client">The client; not opened yet.</param>
/// <param name="startStack">Starts what continues executions while the server runs, or null for nothing.</param>
internal sealed class Backend(KitaruClient client, Func<IControlPlane, IAsyncDisposable>? startStack) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IControlPlane>? _opening;
    private IAsyncDisposable? _stack;

    /// <summary>The client: it opens by itself, but what continues executions starts with <see cref="OpenAsync"/>.</summary>
    public KitaruClient Client { get; } = client;

    /// <summary>Begins to open; whatever goes wrong is said by the first call that needs it.</summary>
    public void Start() => _ = OpenAsync(CancellationToken.None).ContinueWith(
        static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>The ports, opened.</summary>
    public Task<IControlPlane> OpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_opening is null || _opening.IsFaulted || _opening.IsCanceled)
                _opening = OpenInBackgroundAsync();
            return _opening.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The same backend seen through another client of it; needs no disposing.</summary>
    public static Backend Over(KitaruClient view) => new(view, null);

    public async ValueTask DisposeAsync()
    {
        Task<IControlPlane>? begun;
        lock (_gate)
            begun = _opening;
        if (begun is not null)
            await begun.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (_stack is not null)
            await _stack.DisposeAsync();
        await Client.DisposeAsync();
    }

    private async Task<IControlPlane> OpenInBackgroundAsync()
    {
        await Task.Yield();
        var controlPlane = await Client.OpenAsync(CancellationToken.None);
        _stack ??= startStack?.Invoke(controlPlane);
        return controlPlane;
    }
}
