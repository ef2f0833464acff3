using System.ComponentModel;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// The one writer of this process: a thread that commits whatever is queued in one transaction, so that concurrent callers share
/// one flush of the disk. No artificial delay and no batch size to tune: while one batch is flushed, the next one gathers.
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int OperationsMax = 1024;
    private const int BatchBytesMax = 4 * 1024 * 1024;

    private static readonly Sql BeginSql = new("BEGIN IMMEDIATE");
    private static readonly Sql CommitSql = new("COMMIT");
    private static readonly Sql RollbackSql = new("ROLLBACK");
    private static readonly Sql SavepointSql = new("SAVEPOINT operation");
    private static readonly Sql UndoSql = new("ROLLBACK TO operation");
    private static readonly Sql ReleaseSql = new("RELEASE operation");

    private readonly SqliteConnection _connection;
    private readonly FileGate _gate;
    private readonly string _path;
    private readonly Action _changed;
    private readonly Thread _thread;
    private readonly WriteQueue _queue = new();
    private readonly List<WriteOperation> _batch = [];

    /// <param name="connection">Owned by the writer from here on.</param>
    /// <param name="gate">Owned by the writer from here on.</param>
    /// <param name="path">The database's path, for messages.</param>
    /// <param name="changed">Called on the writer's thread after a commit that somebody may wait for.</param>
    public Writer(SqliteConnection connection, FileGate gate, string path, Action changed)
    {
        (_connection, _gate, _path, _changed) = (connection, gate, path, changed);
        _thread = new Thread(Loop) { IsBackground = true, Name = "kitaru store writer" };
        _thread.Start();
    }

    /// <summary>Queues a change; the task ends when it is durable.</summary>
    public Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken) =>
        _queue.Add(new WriteOperation<T>(body, shape), cancellationToken);

    /// <summary>Commits what is queued, then ends the thread.</summary>
    public void Dispose()
    {
        if (!_queue.Stop())
            return;
        _thread.Join();
        _connection.Dispose();
        _gate.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        while (_queue.WaitForWork())
        {
            try
            {
                CommitBatch();
            }
#pragma warning disable CA1031 // The thread must outlive whatever happened: it goes to the callers.
            catch (Exception error)
#pragma warning restore CA1031
            {
                FailAll(error);
                _batch.Clear();
            }
            foreach (var operation in _batch)
                operation.Complete();
            _batch.Clear();
        }
    }

    private void CommitBatch()
    {
        var notifies = false;
        _gate.Enter();
        try
        {
            _connection.Run(BeginSql);
            // Only now: whatever arrived while we waited for our turn goes into the same flush.
            var sizeBytes = 0L;
            while (_batch.Count < OperationsMax && sizeBytes < BatchBytesMax && _queue.TryTake(behind: _batch.Count > 0 ? _batch[^1] : null) is { } operation)
            {
                if (!operation.TryStart())
                    continue;
                _batch.Add(operation);
                sizeBytes += operation.SizeBytes;
                notifies |= (operation.Traits & WriteTraits.Notifies) != 0;
                RunOne(operation);
            }
            _connection.Run(CommitSql);
        }
        finally
        {
            _gate.Exit();
        }
        if (notifies)
            _changed();
    }

    /// <summary>A refusal concerns its own caller; only an error that ended the whole transaction goes further.</summary>
    private void RunOne(WriteOperation operation)
    {
        var several = (operation.Traits & WriteTraits.Several) != 0;
        if (several)
            _connection.Run(SavepointSql);
        try
        {
            operation.Run(_connection);
        }
#pragma warning disable CA1031 // Whatever goes wrong in one operation belongs to its caller, not to the thread all share.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (!_connection.InTransaction)
                throw;
            operation.Refuse(error is SqliteException sqlite ? StoreErrors.Of(sqlite, _path) : error);
            if (several)
                _connection.Run(UndoSql);
        }
        if (several)
            _connection.Run(ReleaseSql);
    }

    private void FailAll(Exception error)
    {
        if (_connection.InTransaction)
            TryRollback();
        var failure = error switch
        {
            // After an error of the disk the commit may lie in the log all the same.
            SqliteException sqlite => StoreErrors.Of(sqlite, _path, outcomeKnown: sqlite.Code != SQLitePCL.raw.SQLITE_IOERR),
            Win32Exception => new KitaruBackendException($"The lock beside the store {_path} failed: {error.Message}. Nothing was written.", "Check the folder and its disk.", error),
            _ => new KitaruBackendException($"The store {_path} failed: {error.Message}", "Read the store again to see what was kept.", error),
        };
        if (_batch.Count == 0)
        {
            while (_queue.TryTake() is { } operation)
            {
                if (operation.TryStart())
                    operation.Fail(failure);
            }
        }
        foreach (var operation in _batch)
            operation.Fail(failure);
    }

    private void TryRollback()
    {
        try
        {
            _connection.Run(RollbackSql);
        }
        catch (SqliteException)
        {
            // Whatever is wrong will be reported again by the next BEGIN.
        }
    }
}
