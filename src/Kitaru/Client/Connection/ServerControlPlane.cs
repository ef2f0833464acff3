using Kitaru.Client.Http;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>The control plane of a server.</summary>
internal static class ServerControlPlane
{
    public static async Task<IControlPlane> OpenAsync(ConnectionSettings settings, KitaruClientOptions options, CancellationToken cancellationToken) =>
        await HttpControlPlane.ConnectAsync(ConnectionOf(settings, options), cancellationToken).ConfigureAwait(false);

    public static HttpConnection ConnectionOf(ConnectionSettings settings, KitaruClientOptions options) => new()
    {
        Server = new Uri(settings.ServerUrl!),
        Token = _ => ValueTask.FromResult(settings.Token),
        Project = settings.Project,
        AllowCleartext = ConnectionVariables.Read(options.Environment, ConnectionVariables.AllowHttp) is "1",
        Time = options.Time,
    };
}
