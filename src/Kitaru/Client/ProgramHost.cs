using Kitaru.Core;
using Kitaru.Hosting;

namespace Kitaru.Client;

/// <summary>Runs this program's flows on one control plane, for as long as the client lives.</summary>
internal sealed class ProgramHost(IControlPlane controlPlane, FlowHost host) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public IControlPlane ControlPlane => controlPlane;

    public FlowHost Host => host;

    public void Start() => _running = host.RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        await host.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
