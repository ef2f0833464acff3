using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>The sessions of this process. They are few and end by themselves: clients forget them more often than they end them.</summary>
internal sealed class Sessions(StreamingLimits limits, TimeProvider time) : BackgroundService, IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    public int Count => _sessions.Count;

    /// <summary>A name for a session that nobody can guess.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));

    /// <summary>The owner's session of this name; for anybody else there is none.</summary>
    public Session? Find(string id, string owner) => _sessions.TryGetValue(id, out var session) && session.Owner == owner ? session : null;

    /// <summary>Keeps a session; one of the same owner that is idle makes room if need be.</summary>
    /// <exception cref="RpcException">There is no room.</exception>
    public async Task AddAsync(Session session)
    {
        var own = _sessions.Values.Where(other => other.Owner == session.Owner).ToList();
        if (own.Count >= limits.SessionsPerOwnerMax)
            await EndAsync(own.Where(other => other.Idle > TimeSpan.Zero).MaxBy(other => other.Idle) ?? throw Full($"You have {own.Count} sessions, and all are in use"));
        if (_sessions.Count >= limits.SessionsMax)
            await EndIdleAsync();
        if (_sessions.Count >= limits.SessionsMax)
            throw Full($"There are {limits.SessionsMax} sessions");
        _sessions[session.Id] = session;
    }

    public async Task EndAsync(Session session)
    {
        if (_sessions.TryRemove(session.Id, out _))
            await session.DisposeAsync();
    }

    /// <summary>Ends the sessions in which nothing has happened for the idle timeout.</summary>
    public async Task EndIdleAsync()
    {
        foreach (var session in _sessions.Values.Where(session => session.Idle >= limits.IdleTimeout))
            await EndAsync(session);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
            await EndAsync(session);
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await EndIdleAsync();
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static RpcException Full(string why) => new(
        StatusCodes.Status429TooManyRequests, RpcException.ServerError, $"{why}: end one with DELETE, or speak {Envelope.FirstStateless}, which needs none.");
}
