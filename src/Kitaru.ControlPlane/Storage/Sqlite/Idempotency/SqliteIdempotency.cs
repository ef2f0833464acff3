using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

internal sealed class SqliteIdempotency(SqliteSession session) : IIdempotencyStore
{
    public Task<KeptKey?> FindAsync(string key, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => IdempotencyRow.Find(connection, key), cancellationToken);

    public Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken) =>
        session.WriteAsync(connection => IdempotencyRow.Complete(connection, request, result, session.Now), cancellationToken, result.Length + 512);
}
