using System.Data;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Npgsql;
using NpgsqlTypes;

namespace Kitaru.Postgres;

/// <summary>
/// One connection to PostgreSQL; used by one thread at a time. Statements that are posted travel with the next one that is asked for an answer, so a
/// change of many statements takes few round trips.
/// </summary>
internal sealed class PostgresConnection : Connection
{
    private const int PostedMax = 256;

    private static readonly Sql LockExecutionSql = new("SELECT 1 FROM execution WHERE exec_id = ?1 FOR NO KEY UPDATE");
    private const string LockExecutionsText = "SELECT 1 FROM execution WHERE exec_id = ANY ($1) ORDER BY exec_id FOR NO KEY UPDATE";

    private static readonly Sql LockSql = new("SELECT pg_advisory_xact_lock(?1)");
    private static readonly Sql LargeValueSql = new("SELECT 1 FROM large_value WHERE hash = ?1 FOR KEY SHARE");

    private readonly NpgsqlConnection _connection;
    private readonly string _schema;
    private readonly Dictionary<Sql, PostgresStatement> _statements = new(ReferenceEqualityComparer.Instance);
    private readonly List<Posted> _posted = [];
    private List<Posted> _running = [];
    private NpgsqlBatch? _batch;
    private NpgsqlDataReader? _reader;
    private PostgresStatement? _reading;
    private long _changes;

    private PostgresConnection(NpgsqlConnection connection, string schema) => (_connection, _schema) = (connection, schema);

    /// <summary>Opens one.</summary>
    /// <param name="source">Where to.</param>
    /// <param name="schema">Whose names its locks carry.</param>
    /// <param name="settings">Run first; null for the server's own.</param>
    /// <exception cref="PostgresRefusal">It cannot be had.</exception>
    public static PostgresConnection Open(NpgsqlDataSource source, string schema, string? settings = null)
    {
        try
        {
            var connection = new PostgresConnection(source.OpenConnection(), schema);
            try
            {
                if (settings is not null)
                    connection.Script(settings);
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (NpgsqlException error)
        {
            throw new PostgresRefusal(error);
        }
    }

    public override Dialect Dialect => Dialect.Postgres;

    public override long TotalChanges
    {
        get
        {
            Flush();
            return _changes;
        }
    }

    /// <summary>Whether it can be used no more.</summary>
    public bool IsBroken => _connection.FullState != ConnectionState.Open;

    /// <summary>Rows changed by the last statement that answered.</summary>
    public int LastCount { get; private set; }

    /// <summary>What becomes of an advisory lock's name.</summary>
    public static long LockKey(string schema, string name) =>
        BitConverter.ToInt64(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"kitaru/{schema}/{name}")));

    public override bool HasLargeValue(string hash)
    {
        using var statement = Use(LargeValueSql);
        return statement.Bind(Convert.FromHexString(hash)).Step();
    }

    public override void Lock(ExecutionId id)
    {
        using var statement = Use(LockExecutionSql);
        statement.Bind(id.Value).Post();
    }

    /// <summary>As <see cref="Lock(ExecutionId)"/>, of many, in the order that everybody takes.</summary>
    public void Lock(Guid[] executions)
    {
        var command = new NpgsqlBatchCommand(LockExecutionsText);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = executions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        Post(command, hasRows: true);
    }

    public override void Lock(OneAtATime kind) => LockName($"one at a time/{kind}");

    public override void LockKey(string key) => LockName($"key/{key}");

    public override PostgresStatement Use(Sql sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new PostgresStatement(this, sql.PostgresText);
            _statements.Add(sql, statement);
        }
        return statement;
    }

    public override T ReadOnce<T>(string text, Func<Statement, T> read)
    {
        using var statement = new PostgresStatement(this, Sql.ForPostgres(text));
        return read(statement);
    }

    /// <summary>Runs text of one or more statements that is used once: migrations.</summary>
    public void Script(string text)
    {
        Flush();
        try
        {
            using var command = new NpgsqlCommand(text, _connection);
            command.ExecuteNonQuery();
        }
        catch (NpgsqlException error)
        {
            throw new PostgresRefusal(error);
        }
    }

    /// <summary>Sends what was posted and waits until it is done.</summary>
    public void Flush()
    {
        if (_posted.Count == 0 && _reader is null)
            return;
        EndReading();
        if (_posted.Count == 0)
            return;
        Start();
        Finish();
    }

    /// <summary>Forgets what was posted and not sent.</summary>
    public void Forget()
    {
        _posted.Clear();
        _running.Clear();
        try
        {
            EndReading();
        }
        catch (PostgresRefusal)
        {
            // It was to be forgotten.
        }
    }

    internal void Post(NpgsqlBatchCommand command, bool hasRows, Action<int>? done = null, Action<NpgsqlDataReader>? row = null)
    {
        if (_posted.Count >= PostedMax)
            Flush();
        _posted.Add(new Posted(command, hasRows, done, row));
    }

    internal int Execute(NpgsqlBatchCommand command)
    {
        EndReading();
        _posted.Add(new Posted(command, HasRows: false, null, null));
        Start();
        Finish();
        return LastCount;
    }

    /// <summary>The reader on the command's rows; null when it has none to give.</summary>
    internal NpgsqlDataReader? Query(NpgsqlBatchCommand command, bool hasRows, PostgresStatement statement)
    {
        if (!hasRows)
        {
            Execute(command);
            return null;
        }
        EndReading();
        _posted.Add(new Posted(command, HasRows: true, null, null));
        Start();
        _reading = statement;
        return _reader;
    }

    internal void EndReading()
    {
        if (_reader is not null)
            Finish();
    }

    internal T Guard<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read)
    {
        try
        {
            return read(reader);
        }
        catch (NpgsqlException error)
        {
            throw Broken(error);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _posted.Clear();
        _reader?.Dispose();
        _connection.Dispose();
    }

    private void LockName(string name)
    {
        using var statement = Use(LockSql);
        statement.Bind(LockKey(_schema, name)).Post();
    }

    /// <summary>Sends all that is posted; the reader then stands on the rows of the last, if it has some.</summary>
    private void Start()
    {
        var batch = TakePosted();
        try
        {
            _reader = batch.ExecuteReader();
            var last = _running.FindLastIndex(posted => posted.HasRows);
            for (var i = 0; i <= last; i++)
            {
                if (!_running[i].HasRows)
                    continue;
                while (_running[i].Row is { } row && _reader.Read())
                    row(_reader);
                if (i < last)
                    _reader.NextResult();
            }
        }
        catch (NpgsqlException error)
        {
            throw Broken(error);
        }
    }

    private NpgsqlBatch TakePosted()
    {
        _running = [.. _posted];
        _posted.Clear();
        _batch = new NpgsqlBatch(_connection);
        foreach (var posted in _running)
            _batch.BatchCommands.Add(posted.Command);
        return _batch;
    }

    private void Finish()
    {
        var (reader, batch, reading) = (_reader!, _batch!, _reading);
        (_reader, _batch, _reading) = (null, null, null);
        reading?.Ended();
        try
        {
            reader.Dispose();
        }
        catch (NpgsqlException error)
        {
            throw new PostgresRefusal(error);
        }
        finally
        {
            batch.Dispose();
        }
        Count();
    }

    private void Count()
    {
        foreach (var (command, _, done, _) in _running)
        {
            var count = command.StatementType is Npgsql.StatementType.Insert or Npgsql.StatementType.Update or Npgsql.StatementType.Delete ? (int)command.Rows : 0;
            _changes += count;
            LastCount = count;
            done?.Invoke(count);
        }
        _running.Clear();
    }

    private PostgresRefusal Broken(NpgsqlException error)
    {
        _reading?.Ended();
        try
        {
            _reader?.Dispose();
        }
        catch (NpgsqlException)
        {
            // The first error says it.
        }
        _batch?.Dispose();
        (_reader, _batch, _reading) = (null, null, null);
        _running.Clear();
        return new PostgresRefusal(error);
    }

    private sealed record Posted(NpgsqlBatchCommand Command, bool HasRows, Action<int>? Done, Action<NpgsqlDataReader>? Row);
}
