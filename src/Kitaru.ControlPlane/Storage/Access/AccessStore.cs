using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The server store: projects, service accounts, API keys. One for a whole server, in whatever database it has.</summary>
internal sealed class AccessStore(StoreSession session) : IAsyncDisposable
{
    private static readonly Sql SaltSql = new("SELECT salt FROM signing_salt");
    private static readonly Sql KeepSaltSql = new("INSERT INTO signing_salt (one, salt) VALUES (1, ?1) ON CONFLICT DO NOTHING");

    /// <summary>Of what this process changes; nothing polls for it.</summary>
    private readonly ChangeWatch _changes = new(path: null, TimeProvider.System);

    /// <summary>As it will be stored.</summary>
    public DateTimeOffset Now => Instant.FromMicroseconds(Instant.ToMicroseconds(session.Now));

    public Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => session.ReadAsync(read, cancellationToken);

    public async Task<T> ChangeAsync<T>(Func<Connection, T> change, CancellationToken cancellationToken)
    {
        var changed = await session.WriteAloneAsync(change, cancellationToken).ConfigureAwait(false);
        _changes.Signal();
        return changed;
    }

    /// <summary>Returns a new mark when this process may have changed something after the given one; what other processes change is not noticed.</summary>
    public Task<long> WaitForOwnChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    /// <summary>The salt of the signing key: the same for every replica, for good.</summary>
    public Task<byte[]> SaltAsync(byte[] suggested, CancellationToken cancellationToken) => session.WriteAloneAsync(
        connection =>
        {
            using (var keep = connection.Use(KeepSaltSql))
                keep.Bind(suggested).Run();
            using var row = connection.Use(SaltSql);
            row.Step();
            return row.Bytes();
        },
        cancellationToken);

    public ValueTask DisposeAsync()
    {
        _changes.Dispose();
        return session.DisposeAsync();
    }
}
