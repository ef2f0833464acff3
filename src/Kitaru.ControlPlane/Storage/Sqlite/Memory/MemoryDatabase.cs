namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// A database that lives in this process only: for tests and simulations, which want the real statements without a disk and without
/// another thread. Several stores may stand on one, as processes do on a file.
/// </summary>
internal sealed class MemoryDatabase : IDisposable
{
    public const string Name = ":memory:";

    private static readonly Sql BeginSql = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitSql = new("COMMIT");
    private static readonly Sql RollbackSql = new("ROLLBACK");

    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection = SqliteConnection.Open(Name, busyMilliseconds: 0);
    private readonly List<ChangeWatch> _watches = [];
    private readonly string[] _tables;
    private bool _isClosed;

    public MemoryDatabase(TimeProvider time)
    {
        _connection.Script("PRAGMA foreign_keys = ON");
        Migrator.Apply(_connection, Migrator.Project, Name, time.GetUtcNow());
        _tables = _connection.Scalar("SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('schema_version') AND name NOT LIKE 'sqlite_%'")!
            .Split(',');
    }

    /// <summary>Removes every row: an empty store again, for a fraction of what a new one costs.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _connection.Script("PRAGMA foreign_keys = OFF");
            // Twice, for what triggers of one table write into another.
            foreach (var table in _tables.Concat(_tables))
                _connection.Script($"DELETE FROM {table}");
            _connection.Script("PRAGMA foreign_keys = ON");
        }
    }

    /// <summary>Tells a store of every change that others may wait for.</summary>
    public void Watch(ChangeWatch watch)
    {
        lock (_lock)
            _watches.Add(watch);
    }

    public void Unwatch(ChangeWatch watch)
    {
        lock (_lock)
            _watches.Remove(watch);
    }

    /// <summary>Makes a change on the caller's thread, all of it or nothing.</summary>
    public T Write<T>(Func<Connection, T> body, bool notifies)
    {
        var result = Write(body);
        if (!notifies)
            return result;
        lock (_lock)
        {
            foreach (var watch in _watches)
                watch.Signal();
        }
        return result;
    }

    public T Read<T>(Func<Connection, T> read)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                return read(_connection);
            }
            catch (SqliteException error)
            {
                throw StoreErrors.Of(error, Name);
            }
        }
    }

    /// <summary>Closes it, between two uses: what a body that was given up on still asks for is refused.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _connection.Dispose();
        }
    }

    private T Write<T>(Func<Connection, T> body)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            try
            {
                _connection.Run(BeginSql);
                var result = body(_connection);
                _connection.Run(CommitSql);
                return result;
            }
            catch (Exception error)
            {
                if (_connection.InTransaction)
                    _connection.Run(RollbackSql);
                if (error is SqliteException sqlite)
                    throw StoreErrors.Of(sqlite, Name);
                throw;
            }
        }
    }
}
