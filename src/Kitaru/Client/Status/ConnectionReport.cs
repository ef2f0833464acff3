using System.Text.Json.Nodes;
using Kitaru.Client.Connection;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Http;

namespace Kitaru.Client.Status;

/// <summary>What a client is connected to, and what the other end says of itself. Made in a short time, whatever is wrong.</summary>
/// <param name="Settings">The connection; null when the settings make no sense.</param>
/// <param name="Info">What the server says of itself; null when there is none or it does not answer.</param>
/// <param name="User">Who the token is there.</param>
/// <param name="Fault">What is wrong, or null.</param>
internal sealed record ConnectionReport(ConnectionSettings? Settings, ServerIdentity? Info, ServerUser? User, KitaruException? Fault)
{
    public bool Works => Fault is null;

    public static async Task<ConnectionReport> MakeAsync(KitaruClient client, CancellationToken cancellationToken)
    {
        if (client.Connected is { } known)
            return known;
        ConnectionSettings settings;
        try
        {
            settings = client.ReadConnection();
        }
        catch (KitaruUsageException fault)
        {
            return new ConnectionReport(null, null, null, fault);
        }
        if (settings.Kind == ConnectionKind.Embedded)
            return new ConnectionReport(settings, null, null, null);
        ServerIdentity? info = null;
        using var probe = new ServerProbe(settings.ServerUrl!, settings.Token!);
        // For both questions together.
        using var late = new CancellationTokenSource(ServerProbe.Limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            info = await probe.GetInfoAsync(either.Token).ConfigureAwait(false);
            return new ConnectionReport(settings, info, await probe.GetUserAsync(settings.Project, either.Token).ConfigureAwait(false), FaultOf(settings));
        }
        catch (KitaruException fault)
        {
            return new ConnectionReport(settings, info, null, fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ConnectionReport(settings, info, null, new KitaruBackendException(
                $"The server at {settings.ServerUrl} did not answer within {ServerProbe.Limit.TotalSeconds:0.#} s.", "Check that it runs and can be reached from here, then call again."));
        }
    }

    /// <summary>The contract's words for it.</summary>
    public string Words(bool storeFails) => Settings?.Kind switch
    {
        ConnectionKind.Embedded => storeFails ? "local mode (unavailable)" : "local database",
        ConnectionKind.LocalServer => "local Kitaru server",
        ConnectionKind.RemoteServer => "remote Kitaru server",
        _ => "unavailable",
    };

    /// <summary>Where each part comes from.</summary>
    public JsonObject? Sources() => Settings is null or { ServerUrlSource: null, ProjectSource: null } ? null : new JsonObject
    {
        ["server_url"] = Settings.ServerUrlSource,
        ["auth_token"] = Settings.TokenSource,
        ["project"] = Settings.ProjectSource,
    };

    /// <summary>The contract's words for the local server.</summary>
    public string LocalServer(ConfigDirectory config)
    {
        if (LocalServerRegistration.Read(LocalServerRegistration.PathIn(config)) is not { } registered)
            return "not started";
        if (!registered.IsAlive)
            return $"registered but unavailable (daemon: process {registered.Process.ProcessId} has ended)";
        if (!registered.IsReady)
            return "registered but unavailable (daemon: it is starting)";
        return Settings?.Kind == ConnectionKind.LocalServer && Info is null ? "registered but unavailable (daemon: it does not answer)" : $"running at {registered.Url} (daemon)";
    }

    private static KitaruUsageException? FaultOf(ConnectionSettings settings)
    {
        try
        {
            settings.WithProject();
            return null;
        }
        catch (KitaruUsageException fault)
        {
            return fault;
        }
    }
}
