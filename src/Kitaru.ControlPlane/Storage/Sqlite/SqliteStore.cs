using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>The embedded store: one SQLite file, safe for several processes at once.</summary>
internal sealed class SqliteStore : IStore
{
    private const int WriterBusyMilliseconds = 10_000;

    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly ChangeWatch _changes;

    private SqliteStore(string path, Connection connection, FileGate gate, TimeProvider time)
    {
        _changes = new ChangeWatch(path, time);
        _readers = new ReaderPool(path);
        _writer = new Writer(connection, gate, path, _changes.Signal);
        var session = new SqliteSession(_writer, _readers, time);
        Executions = new SqliteExecutions(session);
        Replays = new SqliteReplays(session);
        Cohorts = new SqliteCohorts(session);
        Journal = new SqliteJournal(session);
        Waits = new SqliteWaits(session);
        Workers = new SqliteWorkers(session);
        Artifacts = new SqliteArtifactRecords(session);
        Logs = new SqliteLogs(session);
        Snapshots = new SqliteSnapshots(session);
    }

    /// <summary>For the speed probe, which measures what lies beneath.</summary>
    internal Writer Writer => _writer;

    public IExecutionStore Executions { get; }

    public IReplayStore Replays { get; }

    public ICohortStore Cohorts { get; }

    public IJournalStore Journal { get; }

    public IWaitStore Waits { get; }

    public IWorkerStore Workers { get; }

    public IArtifactRecordStore Artifacts { get; }

    public ILogStore Logs { get; }

    public ISnapshotStore Snapshots { get; }

    /// <summary>Opens the store, made or brought up to date first when need be.</summary>
    public static SqliteStore Open(string path, TimeProvider time)
    {
        FileGate? gate = null;
        Connection? connection = null;
        try
        {
            ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
            gate = new FileGate(path + ".lock");
            gate.Enter();
            try
            {
                // Behind the gate: closing a database file drops the locks SQLite holds on it elsewhere in this process.
                FileGate.CreateForOwnerOnly(path);
                connection = Connection.Open(path, WriterBusyMilliseconds);
                Prepare(connection, path, time);
            }
            finally
            {
                gate.Exit();
            }
            return new SqliteStore(path, connection, gate, time);
        }
        catch (Exception error)
        {
            connection?.Dispose();
            gate?.Dispose();
            if (error is SqliteException sqlite)
                throw StoreErrors.Of(sqlite, path);
            if (error is UnauthorizedAccessException or IOException)
            {
                throw new KitaruBackendException(
                    $"The store {path} cannot be opened: {error.Message}", "Make that folder writable for this user, or set KITARU_CONFIG_PATH to another one.", error);
            }
            throw;
        }
    }

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Task.Run(_writer.Dispose).ConfigureAwait(false);
        _changes.Dispose();
        _readers.Dispose();
    }

    private static void Prepare(Connection connection, string path, TimeProvider time)
    {
        connection.Script("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384;");
        var mode = connection.Scalar("PRAGMA journal_mode = WAL");
        if (mode != "wal")
            throw Unsafe(path, $"its journal mode stays '{mode}' instead of 'wal'");
        if (connection.Scalar("PRAGMA synchronous") != "2")
            throw Unsafe(path, "SQLite does not flush every commit to the disk");
        Migrator.Apply(connection, path, time.GetUtcNow());
    }

    private static KitaruBackendException Unsafe(string path, string why) => new(
        $"The store {path} cannot be used safely: {why}. This happens on network and shared file systems.",
        "Set KITARU_CONFIG_PATH to a folder on a local disk.");
}
