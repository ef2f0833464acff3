using ModelContextProtocol.Server;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>One client of a protocol version with sessions: its server lives from initialize until it ends the session, or leaves it idle.</summary>
internal sealed class Session(string id, string owner, StreamableHttpServerTransport transport, McpServer server, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _users;
    private int _listening;
    private long _usedAt = time.GetTimestamp();
    private int _ended;

    public string Id => id;

    public string Owner => owner;

    public StreamableHttpServerTransport Transport => transport;

    /// <summary>What handlers find in the items of each of its requests; complete before the first one.</summary>
    public Dictionary<string, object?> Items { get; } = new(StringComparer.Ordinal);

    /// <summary>Fires when it is over; to be taken while it lives.</summary>
    public CancellationToken Ended => _stop.Token;

    /// <summary>For how long nothing has happened; nothing while a request is under way.</summary>
    public TimeSpan Idle => Volatile.Read(ref _users) > 0 ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _usedAt));

    public void Start() => _running = server.RunAsync(_stop.Token);

    public void Begin() => Interlocked.Increment(ref _users);

    public void End()
    {
        Volatile.Write(ref _usedAt, time.GetTimestamp());
        Interlocked.Decrement(ref _users);
    }

    /// <summary>One stream at a time takes what the server says by itself.</summary>
    public bool TryListen() => Interlocked.CompareExchange(ref _listening, 1, 0) == 0;

    public void StopListening() => Volatile.Write(ref _listening, 0);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        await _stop.CancelAsync();
        await transport.DisposeAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        _stop.Dispose();
    }
}
