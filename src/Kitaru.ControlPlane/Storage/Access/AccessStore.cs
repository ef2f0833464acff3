using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The server store: projects, service accounts, API keys. One for a whole server, in whatever database it has.</summary>
internal sealed class AccessStore(StoreSession session) : IAsyncDisposable
{
    private static readonly Sql SaltSql = new("SELECT salt FROM signing_salt");
    private static readonly Sql KeepSaltSql = new("INSERT INTO signing_salt (one, salt) VALUES (1, ?1) ON CONFLICT DO NOTHING");

    /// <summary>As it will be stored.</summary>
    public DateTimeOffset Now => Instant.FromMicroseconds(Instant.ToMicroseconds(session.Now));

    public Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => session.ReadAsync(read, cancellationToken);

    public Task<T> ChangeAsync<T>(Func<Connection, T> change, CancellationToken cancellationToken) => session.WriteAloneAsync(change, cancellationToken);

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

    public ValueTask DisposeAsync() => session.DisposeAsync();
}
