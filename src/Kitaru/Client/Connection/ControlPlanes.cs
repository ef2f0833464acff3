using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>
/// The control planes a client has open. The embedded one stays open once it was: flows may run on it. Of servers the present one is kept, and those before it for a while,
/// for the calls that are under way.
/// </summary>
internal sealed class ControlPlanes(KitaruClientOptions options, ConfigDirectory config) : IAsyncDisposable
{
    private const int RetiredMax = 4;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<IControlPlane> _retired = [];
    private IControlPlane? _embedded;
    private Connected? _server;

    public async ValueTask<IControlPlane> GetAsync(ConnectionSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Kind == ConnectionKind.Embedded)
            return await GetEmbeddedAsync(cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _server) is { } present && present.Settings == settings)
            return present.ControlPlane;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_server is { } other && other.Settings == settings)
                return other.ControlPlane;
            var opened = await options.OpenServer(settings, options, cancellationToken).ConfigureAwait(false);
            if (_server is not null)
                _retired.Enqueue(_server.ControlPlane);
            Volatile.Write(ref _server, new Connected(settings, opened));
            if (_retired.Count > RetiredMax)
                await _retired.Dequeue().DisposeAsync().ConfigureAwait(false);
            return opened;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The embedded store in this process; it may be open in others too, the local server among them.</summary>
    public async ValueTask<IControlPlane> GetEmbeddedAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _embedded) is { } open)
            return open;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _embedded ??= await EmbeddedControlPlane
                .OpenAsync(EmbeddedOptions.FromEnvironment(config, options.Environment) with { Time = options.Time }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var controlPlane in _retired.Append(_server?.ControlPlane).Append(_embedded).OfType<IControlPlane>())
            await controlPlane.DisposeAsync().ConfigureAwait(false);
        _gate.Dispose();
    }

    private sealed record Connected(ConnectionSettings Settings, IControlPlane ControlPlane);
}
