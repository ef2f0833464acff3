namespace Kitaru.Server.Hosting;

/// <summary>This running server among its replicas.</summary>
/// <param name="id">Another one after each start.</param>
/// <param name="lifetime">Says when it stops.</param>
internal sealed class ServerInstance(string id, IHostApplicationLifetime lifetime)
{
    public string Id => id;

    /// <summary>Ends requests that only wait.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;
}
