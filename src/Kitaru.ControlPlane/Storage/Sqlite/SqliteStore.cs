using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>The embedded store: one SQLite file, safe for several processes at once; or, for tests, a database in memory.</summary>
internal sealed class SqliteStore : IStore
{
    private const int WriterBusyMilliseconds = 10_000;

    private readonly SqliteSession _session;
    private readonly string _path;
    private bool _isView;

    /// <param name="session">What everything is done with.</param>
    /// <param name="path">The database.</param>
    /// <param name="changes">What changes that clients ask for are made with, if it is another one.</param>
    private SqliteStore(SqliteSession session, string path, SqliteSession? changes = null)
    {
        (_session, _path) = (session, path);
        changes ??= session;
        Executions = new SqliteExecutions(changes);
        Statistics = new SqliteStatistics(session);
        Replays = new SqliteReplays(changes);
        Cohorts = new SqliteCohorts(session);
        Journal = new SqliteJournal(session);
        Waits = new SqliteWaits(changes);
        Workers = new SqliteWorkers(session);
        Artifacts = new SqliteArtifactRecords(session);
        Logs = new SqliteLogs(session);
        Snapshots = new SqliteSnapshots(session);
        Deployments = new SqliteDeployments(changes);
        Retention = new SqliteRetention(changes, path);
        Stacks = new SqliteStacks(changes);
        Idempotency = new SqliteIdempotency(session);
        Secrets = new SqliteSecrets(changes);
    }

    /// <summary>For the speed probe, which measures what lies beneath.</summary>
    internal Writer Writer => ((QueuedSession)_session).Writer;

    public IExecutionStore Executions { get; }

    public IStatisticsStore Statistics { get; }

    public IReplayStore Replays { get; }

    public ICohortStore Cohorts { get; }

    public IJournalStore Journal { get; }

    public IWaitStore Waits { get; }

    public IWorkerStore Workers { get; }

    public IArtifactRecordStore Artifacts { get; }

    public ILogStore Logs { get; }

    public ISnapshotStore Snapshots { get; }

    public IDeploymentStore Deployments { get; }

    public ISecretStore Secrets { get; }

    public IRetentionStore Retention { get; }

    public IStackStore Stacks { get; }

    public IIdempotencyStore Idempotency { get; }

    /// <summary>Opens the store, made or brought up to date first when need be.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="time">What gives the store its present.</param>
    /// <param name="largeValueExists">Whether a value stands in the artifact store; asked inside transactions, so it must be quick.</param>
    public static SqliteStore Open(string path, TimeProvider time, Func<string, bool>? largeValueExists = null)
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
                connection.LargeValueExists = largeValueExists;
            }
            finally
            {
                gate.Exit();
            }
            return new SqliteStore(new QueuedSession(path, connection, gate, time), path);
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

    /// <summary>A store on a database in memory, which stays its maker's: every call is done when it returns, on the caller's thread.</summary>
    public static SqliteStore OpenInMemory(MemoryDatabase database, TimeProvider time) => new(new InlineSession(database, time), MemoryDatabase.Name);

    public IStore Under(IdempotentRequest request) => new SqliteStore(_session, _path, new KeyedSession(_session, request)) { _isView = true };

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _session.WaitForChangeAsync(seen, cancellationToken);

    public ValueTask DisposeAsync() => _isView ? ValueTask.CompletedTask : _session.DisposeAsync();

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
