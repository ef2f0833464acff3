using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Resources;

/// <summary>The way to a client of a version with sessions when it has asked for nothing.</summary>
/// <param name="SendAsync">Sends to it.</param>
/// <param name="Ended">Its session has ended.</param>
internal sealed record SessionChannel(Func<JsonRpcMessage, CancellationToken, Task> SendAsync, CancellationToken Ended)
{
    /// <summary>Under which whoever carries many sessions puts it into the items of a request.</summary>
    public const string Key = "kitaru.session";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CancellationTokenSource> _watched = new(StringComparer.Ordinal);
    private CancellationTokenSource? _tools;

    /// <summary>The channel of a request; null where there is one session only, and its server is the way.</summary>
    public static SessionChannel? Of(MessageContext request) => request.JsonRpcMessage.Context?.Items?.TryGetValue(Key, out var channel) == true ? channel as SessionChannel : null;

    /// <summary>Begins to watch; null when it is watched already.</summary>
    /// <param name="uri">What.</param>
    /// <param name="most">How many there may be.</param>
    /// <exception cref="KitaruStateException">There are as many.</exception>
    public CancellationTokenSource? Begin(string uri, int most)
    {
        lock (_gate)
        {
            if (_watched.ContainsKey(uri))
                return null;
            if (_watched.Count >= most)
                throw new KitaruStateException($"The session has {most} subscriptions, and no more are allowed.", "End one with resources/unsubscribe.");
            return _watched[uri] = CancellationTokenSource.CreateLinkedTokenSource(Ended);
        }
    }

    /// <summary>Begins to tell of changes of the list of tools; null when it is told of them already.</summary>
    public CancellationTokenSource? BeginTools()
    {
        lock (_gate)
            return _tools is null ? _tools = CancellationTokenSource.CreateLinkedTokenSource(Ended) : null;
    }

    /// <summary>It is not told of them any more; its next list begins again.</summary>
    public void ForgetTools(CancellationTokenSource stop)
    {
        lock (_gate)
            _tools = null;
        stop.Dispose();
    }

    /// <summary>Ends watching; not watched: nothing happens.</summary>
    public void Stop(string uri)
    {
        CancellationTokenSource? watch;
        lock (_gate)
            _watched.Remove(uri, out watch);
        watch?.Cancel();
    }

    /// <summary>It has ended by itself.</summary>
    public void Forget(string uri, CancellationTokenSource watch)
    {
        lock (_gate)
        {
            if (_watched.TryGetValue(uri, out var known) && known == watch)
                _watched.Remove(uri);
        }
        watch.Dispose();
    }
}
