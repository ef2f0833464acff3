using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What every noun works with: a way to write, a way to read, and what gives the store its present. One per driver.</summary>
internal abstract class StoreSession(TimeProvider time) : IAsyncDisposable
{
    private const int OneBytes = 512;
    private const int SeveralBytes = 1024;

    /// <summary>For measuring spans; the present is <see cref="Now"/>.</summary>
    public TimeProvider Time => time;

    public virtual DateTimeOffset Now => time.GetUtcNow();

    /// <summary>One statement, given as it is so that a driver may send many at once; how many rows it changed.</summary>
    public Task<int> WriteOneAsync(Sql sql, Action<Statement> bind, CancellationToken cancellationToken, int sizeBytes = OneBytes, Guid affinity = default) =>
        RunOneAsync(sql, bind, new WriteShape(WriteTraits.None, sizeBytes, affinity), cancellationToken);

    /// <summary>Several statements, all or none.</summary>
    public Task<T> WriteSeveralAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = SeveralBytes, Guid affinity = default) =>
        RunAsync(body, new WriteShape(WriteTraits.Several, sizeBytes, affinity), cancellationToken);

    /// <summary>Several statements that others wait for.</summary>
    public Task<T> WriteAndNotifyAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken, int sizeBytes = SeveralBytes, Guid affinity = default) =>
        RunAsync(body, new WriteShape(WriteTraits.Several | WriteTraits.Notifies, sizeBytes, affinity), cancellationToken);

    /// <summary>Several statements that go by nothing but what is committed.</summary>
    public Task<T> WriteAloneAsync<T>(Func<Connection, T> body, CancellationToken cancellationToken) =>
        RunAsync(body, new WriteShape(WriteTraits.Several | WriteTraits.Alone, SeveralBytes), cancellationToken);

    /// <summary>Runs <paramref name="read"/> on one unchanging view of the store.</summary>
    public abstract Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken);

    /// <inheritdoc cref="IStore.WaitForChangeAsync"/>
    public abstract Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes a change; the task ends when it is as durable as this store can make it.</summary>
    protected internal abstract Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken);

    /// <summary>Makes a change of one statement. <paramref name="bind"/> may be called more than once.</summary>
    protected internal virtual Task<int> RunOneAsync(Sql sql, Action<Statement> bind, WriteShape shape, CancellationToken cancellationToken) =>
        RunAsync(
            connection =>
            {
                using var statement = connection.Use(sql);
                bind(statement);
                return statement.Run();
            },
            shape,
            cancellationToken);

    /// <summary>Roughly how many bytes a value adds to the log.</summary>
    public static int SizeOf(StoredValue? value) => OneBytes + (value?.Inline?.Length ?? 0);
}
