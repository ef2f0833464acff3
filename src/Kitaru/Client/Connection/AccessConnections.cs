using Kitaru.Client.Http;
using Kitaru.Core.Configuration;

namespace Kitaru.Client.Connection;

/// <summary>The connection that calls about a whole server are made on: the present one is kept.</summary>
internal sealed class AccessConnections(KitaruClientOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<HttpTransport> _opened = [];
    private (ConnectionSettings Settings, HttpServerAccess Access)? _present;

    public HttpServerAccess Of(ConnectionSettings settings)
    {
        lock (_gate)
        {
            if (_present is { } present && present.Settings == settings)
                return present.Access;
            var transport = new HttpTransport(ServerControlPlane.ConnectionOf(settings, options));
            _opened.Add(transport);
            var access = new HttpServerAccess(new HttpCalls(transport));
            _present = (settings, access);
            return access;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var transport in _opened)
                transport.Dispose();
            _opened.Clear();
            _present = null;
        }
    }
}
