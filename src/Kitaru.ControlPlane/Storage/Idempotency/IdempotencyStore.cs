using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class IdempotencyStore(StoreSession session) : IIdempotencyStore
{
    public Task<KeptKey?> FindAsync(string key, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => IdempotencyRow.Find(connection, key), cancellationToken);

    public Task CompleteAsync(IdempotentRequest request, string result, CancellationToken cancellationToken) =>
        session.WriteOneAsync(
            IdempotencyRow.CompleteSql,
            statement => statement.Bind(request.Key).Bind(request.Operation).Bind(request.Hash).Bind(session.Now).Bind(result),
            cancellationToken,
            result.Length + 512);
}
