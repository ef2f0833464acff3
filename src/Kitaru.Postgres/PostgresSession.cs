using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Npgsql;

namespace Kitaru.Postgres;

/// <summary>A schema of a PostgreSQL database: a few writers that commit in groups, readers beside them, and one ear for what others change.</summary>
internal sealed class PostgresSession : StoreSession
{
    /// <summary>Groups are larger on fewer lanes, and cheaper; more of them pay where processors would otherwise be idle while one is filled.</summary>
    private static readonly int LaneCount = Math.Clamp(Environment.ProcessorCount / 2, 1, 4);

    private readonly NpgsqlDataSource _source;
    private readonly Lane[] _lanes;
    private readonly Readers _readers;
    private readonly ChangeWatch _changes = new(path: null, TimeProvider.System);
    private readonly ChangeWatch _work = new(path: null, TimeProvider.System);
    private readonly ChangeListener _listener;
    private readonly Housekeeping _housekeeping;
    private int _disposed;

    private PostgresSession(NpgsqlDataSource source, string schema, string store, TimeProvider time)
        : base(time)
    {
        (_source, Schema, Store) = (source, schema, store);
        _listener = new ChangeListener(source, schema, Signal);
        _lanes = [.. Enumerable.Range(1, LaneCount).Select(i => new Lane(new LaneConnection(source, schema, store), Changed, i))];
        _readers = new Readers(source, schema, store);
        _housekeeping = new Housekeeping(this, () => Signal(isForWorkers: true));
    }

    /// <summary>The schema.</summary>
    public string Schema { get; }

    /// <summary>Where it is, for people; without a password.</summary>
    public string Store { get; }

    /// <summary>Opens a schema, made or brought up to date first when need be.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">Lower-case letters, digits and underscores.</param>
    /// <param name="line">What the schema holds.</param>
    /// <param name="time">The present in place of the database's own: for tests.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KitaruBackendException">It cannot be opened, or a newer program wrote it.</exception>
    public static Task<PostgresSession> OpenAsync(
        string connectionString, string schema, MigrationLine line, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var place = PostgresPlace.Of(connectionString, schema);
        // Opening waits for the server and, rarely, for another process that migrates.
        return Task.Run(() => Open(place, line, time), cancellationToken);
    }

    public override Task<T> ReadAsync<T>(Func<Connection, T> read, CancellationToken cancellationToken) => _readers.ReadAsync(read, cancellationToken);

    public override Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => _changes.WaitAsync(seen, cancellationToken);

    public override Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken) => _work.WaitAsync(seen, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _housekeeping.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_lanes.Select(lane => Task.Run(lane.Dispose))).ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        _changes.Dispose();
        _work.Dispose();
        await Task.Run(_readers.Dispose).ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    protected internal override Task<T> RunAsync<T>(Func<Connection, T> body, WriteShape shape, CancellationToken cancellationToken) =>
        LaneOf(shape).Add(new WriteOperation<T>(body, shape), cancellationToken);

    protected internal override Task<int> RunChangesAsync(IReadOnlyList<Change> changes, WriteShape shape, CancellationToken cancellationToken) =>
        LaneOf(shape).Add(new RepeatableOperation(changes, shape), cancellationToken);

    private static PostgresSession Open(PostgresPlace place, MigrationLine line, TimeProvider? time)
    {
        // Metrics of the driver carry the name, which would otherwise be the connection string.
        var source = new NpgsqlDataSourceBuilder(place.ConnectionString) { Name = place.Schema }.Build();
        try
        {
            using (var connection = PostgresConnection.Open(source, place.Schema))
            {
                PostgresMigrator.Apply(connection, line, place.Schema, place.Name);
                time ??= Housekeeping.ClockOf(connection);
            }
            return new PostgresSession(source, place.Schema, place.Name, time);
        }
        catch (Exception error)
        {
            source.Dispose();
            if (error is PostgresRefusal refusal)
                throw PostgresErrors.Of((NpgsqlException)refusal.InnerException!, place.Name);
            throw;
        }
    }

    private void Changed(bool isForWorkers)
    {
        Signal(isForWorkers);
        _listener.Tell(isForWorkers);
    }

    private void Signal(bool isForWorkers)
    {
        _changes.Signal();
        if (isForWorkers)
            _work.Signal();
    }

    /// <summary>What belongs together goes one way; anything else where the least is waiting.</summary>
    private Lane LaneOf(WriteShape shape) =>
        shape.Affinity == Guid.Empty ? _lanes.MinBy(lane => lane.Queued)! : _lanes[(uint)shape.Affinity.GetHashCode() % LaneCount];
}
