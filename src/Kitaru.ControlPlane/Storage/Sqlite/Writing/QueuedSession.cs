namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>The session of a store on disk: writes are queued to one thread that groups their commits, reads go beside it.</summary>
internal sealed class QueuedSession : SqliteSession
{
    private readonly ReaderPool _readers;
    private readonly ChangeWatch _changes;

    /// <param name="path">The database.</param>
    /// <param name="connection">For the writer, which owns it from here on.</param>
    /// <param name="gate">For the writer, which owns it from here on.</param>
    /// <param name="time">The clock.</param>
    public QueuedSession(string path, Connection connection, FileGate gate, TimeProvider time)
        : base(time)
    {
        _changes = new ChangeWatch(path, time);
        _readers = new ReaderPool(path);
        Writer = new Writer(connection, gate, path, _changes.Signal);
    }

    public Writer Writer { get; }

    public override Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => _readers.ReadAsync(read, cancellationToken);

    public override Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await Task.Run(Writer.Dispose).ConfigureAwait(false);
        _changes.Dispose();
        _readers.Dispose();
    }

    protected internal override Task<T> RunAsync<T>(Func<Connection, T> body, WriteTraits traits, CancellationToken cancellationToken, int sizeBytes) =>
        Writer.RunAsync(body, traits, cancellationToken, sizeBytes);
}
