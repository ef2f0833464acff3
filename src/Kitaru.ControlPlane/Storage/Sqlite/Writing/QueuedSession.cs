namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>The session of a store on disk: writes are queued to one thread that groups their commits, reads go beside it.</summary>
internal sealed class QueuedSession : StoreSession
{
    private readonly ReaderPool _readers;
    private readonly ChangeWatch _changes;
    private readonly Writer _writer;

    /// <param name="path">The database.</param>
    /// <param name="connection">For the writer, which owns it from here on.</param>
    /// <param name="gate">For the writer, which owns it from here on.</param>
    /// <param name="time">The clock.</param>
    public QueuedSession(string path, SqliteConnection connection, FileGate gate, TimeProvider time)
        : base(time)
    {
        _changes = new ChangeWatch(path, time);
        _readers = new ReaderPool(path);
        _writer = new Writer(connection, gate, path, _changes.Signal);
    }

    public override Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => _readers.ReadAsync(read, cancellationToken);

    public override Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        _changes.Dispose();
        _readers.Dispose();
    }

    protected internal override Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken) =>
        _writer.RunAsync(body, shape, cancellationToken);
}
