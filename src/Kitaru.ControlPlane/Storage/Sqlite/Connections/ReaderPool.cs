using System.Collections.Concurrent;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>Idle connections for reading. Every read is one short transaction: a long one would keep the log from being folded in.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int ReadersMax = 8;
    private const int BusyMilliseconds = 5_000;

    private static readonly Sql BeginSql = new("BEGIN");
    private static readonly Sql CommitSql = new("COMMIT");

    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private readonly SemaphoreSlim _places = new(ReadersMax);
    private volatile bool _disposed;

    /// <summary>
    /// Runs <paramref name="read"/> on one unchanging view of the store, off the caller's thread; a thread of the pool that nobody waits for on does it itself, since another one would
    /// take as long, and the change to it longer than a read.
    /// </summary>
    public async Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Thread.CurrentThread.IsThreadPoolThread && SynchronizationContext.Current is null
                ? Read(read)
                : await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    public static SqliteConnection Open(string path)
    {
        var connection = SqliteConnection.Open(path, BusyMilliseconds);
        connection.Script("PRAGMA query_only = ON; PRAGMA cache_size = -8192;");
        return connection;
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var connection))
            connection.Dispose();
    }

    private T Read<T>(Func<Connection, T> read)
    {
        SqliteConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
                connection = Open(path);
            connection.Run(BeginSql);
            var result = read(connection);
            connection.Run(CommitSql);
            Return(connection);
            return result;
        }
        catch (Exception error)
        {
            connection?.Dispose();
            if (error is SqliteException sqlite)
                throw StoreErrors.Of(sqlite, path);
            throw;
        }
    }

    private void Return(SqliteConnection connection)
    {
        _idle.Add(connection);
        if (_disposed)
            Dispose();
    }
}
