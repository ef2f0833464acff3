namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>The session of a store in memory: every call is done when it returns, on the caller's thread.</summary>
internal sealed class InlineSession : StoreSession
{
    private readonly MemoryDatabase _database;
    private readonly ChangeWatch _changes;

    public InlineSession(MemoryDatabase database, TimeProvider time)
        : base(time)
    {
        _database = database;
        _changes = new ChangeWatch(path: null, time);
        database.Watch(_changes);
    }

    public override Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(_database.Read(read));
        }
#pragma warning disable CA1031 // What goes wrong belongs into the task, as it does with a store on disk.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(error);
        }
    }

    public override Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    /// <summary>The database stays: it is its maker's.</summary>
    public override ValueTask DisposeAsync()
    {
        _database.Unwatch(_changes);
        _changes.Dispose();
        return ValueTask.CompletedTask;
    }

    protected internal override Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(_database.Write(body, (shape.Traits & WriteTraits.Notifies) != 0));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Task.FromException<T>(error);
        }
    }
}
