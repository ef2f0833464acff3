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
        RunChangesAsync([new Change(sql, bind)], new WriteShape(WriteTraits.None, sizeBytes, affinity), cancellationToken);

    /// <summary>
    /// Statements that others wait for, all or none, and that change nothing when they are made a second time: a driver may send them together, and again when the answer was
    /// lost. How many rows the first of them changed; those behind it must see for themselves whether it did.
    /// </summary>
    /// <param name="changes">The statements.</param>
    /// <param name="value">The value that is stored with them. One in the artifact store is looked for first, and held until all is stored: then they make a transaction of their own.</param>
    /// <param name="affinity">See <see cref="WriteShape"/>.</param>
    /// <param name="more">Besides <see cref="WriteTraits.Several"/> and <see cref="WriteTraits.Notifies"/>.</param>
    /// <param name="cancellationToken">Gives up before it is begun.</param>
    public Task<int> WriteTogetherAsync(IReadOnlyList<Change> changes, StoredValue? value, Guid affinity, WriteTraits more, CancellationToken cancellationToken)
    {
        var shape = new WriteShape(WriteTraits.Several | WriteTraits.Notifies | more, SizeOf(value), affinity);
        return value is { Inline: null } ? RunAsync(connection => RunAll(connection, changes, shape), shape, cancellationToken) : RunChangesAsync(changes, shape, cancellationToken);
    }

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

    /// <inheritdoc cref="IStore.WaitForWorkAsync"/>
    public virtual Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken) => WaitForChangeAsync(seen, cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Makes a change; the task ends when it is as durable as this store can make it.</summary>
    protected internal abstract Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken);

    /// <summary>Makes changes that may be made more than once; answers what the first of them did.</summary>
    protected internal virtual Task<int> RunChangesAsync(IReadOnlyList<Change> changes, WriteShape shape, CancellationToken cancellationToken) =>
        RunAsync(connection => RunAll(connection, changes, shape), shape, cancellationToken);

    private static int RunAll(Connection connection, IReadOnlyList<Change> changes, WriteShape shape)
    {
        if ((shape.Traits & WriteTraits.Locks) != 0)
            connection.Lock(new ExecutionId(shape.Affinity));
        var changed = changes[0].Run(connection);
        for (var i = 1; i < changes.Count; i++)
            changes[i].Post(connection);
        return changed;
    }

    /// <summary>Roughly how many bytes a value adds to the log.</summary>
    public static int SizeOf(StoredValue? value) => OneBytes + (value?.Inline?.Length ?? 0);
}
