using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A session whose first change is made under a key: change and key in one transaction, or neither.</summary>
internal sealed class KeyedSession(StoreSession session, IdempotentRequest request) : StoreSession(session.Time)
{
    private bool _isClaimed;

    public override DateTimeOffset Now => session.Now;

    public override Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => session.ReadAsync(read, cancellationToken);

    public override Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => session.WaitForChangeAsync(seen, cancellationToken);

    public override Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken) => session.WaitForWorkAsync(seen, cancellationToken);

    /// <summary>The session beneath stays: it is its maker's.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected internal override async Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken)
    {
        if (_isClaimed)
            return await session.RunAsync(body, shape, cancellationToken).ConfigureAwait(false);
        var (result, changed) = await session
            .RunAsync(Claim, shape with { Traits = shape.Traits | WriteTraits.Several, SizeBytes = shape.SizeBytes + 512 }, cancellationToken).ConfigureAwait(false);
        _isClaimed = changed;
        return result;

        (T Result, bool Changed) Claim(Connection connection)
        {
            connection.LockKey(request.Key);
            if (IdempotencyRow.IsTaken(connection, request.Key))
                throw new IdempotencyKeyTakenException(request.Key);
            var before = connection.TotalChanges;
            var made = body(connection);
            // What changed nothing may be tried again: a refusal is no result.
            if (connection.TotalChanges == before)
                return (made, false);
            IdempotencyRow.Insert(connection, request, Now);
            return (made, true);
        }
    }
}
