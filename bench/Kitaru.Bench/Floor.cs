using System.Text;
using Kitaru.Core;
using SQLitePCL;

namespace Kitaru.Bench;

/// <summary>
/// What the disk and SQLite allow: the same tables, the same statements, one writer thread that commits whatever is queued, one
/// hop back to the pool per step. No engine, no serialization, no fencing beyond the statement's own.
/// </summary>
internal sealed class Floor : IDisposable
{
    private const string Create =
        """
        INSERT INTO execution (exec_id, status, epoch, runnable_at, created_at, flow_id, snapshot_id, stack_name, retries, seed,
            inputs_media, inputs_type, inputs_size, inputs_hash, inputs)
        VALUES (?1, 'queued', 0, ?2, ?2, ?3, 'floor', 'default', 0, 1, 'application/json', 'inputs', 2, zeroblob(32), x'7b7d')
        """;

    private const string Claim =
        """
        UPDATE execution SET status = 'running', owner = ?2, epoch = epoch + 1, lease_until = ?3, runnable_at = NULL, started_at = ?3
        WHERE exec_id = ?1 AND owner IS NULL
        """;

    private const string Append =
        """
        INSERT INTO journal (
            exec_id, seq, kind, status, call_id, key, name, type, attempt, started_at, ended_at, fingerprint,
            parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value)
        SELECT ?1, ?3, 'checkpoint', 'completed', ?4, ?5, 'step', NULL, 1, ?6, ?6, zeroblob(16),
            '["step_1"]', NULL, NULL, x'7b22696e646578223a317d', 'text/plain', 'System.String', length(?7), zeroblob(32), ?7
        FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = 1
        """;

    private const string Finish =
        """
        UPDATE execution SET status = 'completed', owner = NULL, lease_until = NULL, ended_at = ?3, checkpoint_count = 10, artifact_count = 10,
            result_media = 'application/json', result_type = 'System.Int32', result_size = 4, result_hash = zeroblob(32), result = x'33303030'
        WHERE exec_id = ?1 AND owner = ?2 AND epoch = 1
        """;

    private static readonly byte[] Owner = Guid.Parse("0199c0de-0000-7000-8000-00000000000f").ToByteArray();

    private readonly sqlite3 _database;
    private readonly Dictionary<string, sqlite3_stmt> _statements = [];
    private readonly Queue<(Action Run, TaskCompletionSource Done)> _queue = [];
    private readonly List<TaskCompletionSource> _batch = [];
    private readonly AutoResetEvent _arrived = new(false);
    private readonly Thread _writer;
    private readonly byte[] _flow = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToByteArray(bigEndian: true);
    private bool _stopping;

    /// <param name="path">A database that has the schema.</param>
    public Floor(string path)
    {
        Check(raw.sqlite3_open(path, out _database));
        foreach (var pragma in (string[])["PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"])
            Execute(pragma);
        var flow = Prepare("INSERT INTO flow (flow_id, name, created_at) VALUES (?1, ?2, 1)");
        raw.sqlite3_bind_blob(flow, 1, _flow);
        raw.sqlite3_bind_text(flow, 2, "floor_" + Convert.ToHexString(_flow));
        Step(flow);
        _writer = new Thread(Write) { IsBackground = true };
        _writer.Start();
    }

    public async Task RunFlowAsync(int steps, string value)
    {
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var key = id.ToByteArray(bigEndian: true);
        var bytes = Encoding.UTF8.GetBytes(value);
        await WriteAsync(() => Run(Create, key, statement =>
        {
            raw.sqlite3_bind_int64(statement, 2, 1);
            raw.sqlite3_bind_blob(statement, 3, _flow);
        }));
        await WriteAsync(() => Run(Claim, key, statement =>
        {
            raw.sqlite3_bind_blob(statement, 2, Owner);
            raw.sqlite3_bind_int64(statement, 3, 2);
        }));
        for (var seq = 1; seq <= steps; seq++)
        {
            var number = seq;
            var name = "step_" + number;
            var call = IdFactory.Derive(new ExecutionId(id), name).ToByteArray(bigEndian: true);
            await WriteAsync(() => Run(Append, key, statement =>
            {
                raw.sqlite3_bind_blob(statement, 2, Owner);
                raw.sqlite3_bind_int64(statement, 3, number);
                raw.sqlite3_bind_blob(statement, 4, call);
                raw.sqlite3_bind_text(statement, 5, name);
                raw.sqlite3_bind_int64(statement, 6, 3);
                raw.sqlite3_bind_blob(statement, 7, bytes);
            }));
        }
        await WriteAsync(() => Run(Finish, key, statement =>
        {
            raw.sqlite3_bind_blob(statement, 2, Owner);
            raw.sqlite3_bind_int64(statement, 3, 4);
        }));
    }

    public void Dispose()
    {
        lock (_queue)
            _stopping = true;
        _arrived.Set();
        _writer.Join();
        foreach (var statement in _statements.Values)
            statement.Dispose();
        _database.Dispose();
        _arrived.Dispose();
    }

    private Task WriteAsync(Action run)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_queue)
            _queue.Enqueue((run, done));
        _arrived.Set();
        return done.Task;
    }

    private void Write()
    {
        while (true)
        {
            _arrived.WaitOne();
            while (true)
            {
                lock (_queue)
                {
                    if (_queue.Count == 0)
                    {
                        if (_stopping)
                            return;
                        break;
                    }
                }
                Execute("BEGIN IMMEDIATE");
                _batch.Clear();
                while (true)
                {
                    (Action Run, TaskCompletionSource Done) next;
                    lock (_queue)
                    {
                        if (!_queue.TryDequeue(out next))
                            break;
                    }
                    next.Run();
                    _batch.Add(next.Done);
                }
                Execute("COMMIT");
                foreach (var done in _batch)
                    done.SetResult();
            }
        }
    }

    private void Run(string sql, byte[] id, Action<sqlite3_stmt> bind)
    {
        var statement = Prepare(sql);
        raw.sqlite3_bind_blob(statement, 1, id);
        bind(statement);
        Step(statement);
        if (raw.sqlite3_changes(_database) != 1)
            throw new InvalidOperationException("the floor's own statement changed nothing");
    }

    private void Execute(string sql)
    {
        var statement = Prepare(sql);
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
        {
        }
        Check(raw.sqlite3_reset(statement));
    }

    private void Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
            Check(code);
        Check(raw.sqlite3_reset(statement));
    }

    private sqlite3_stmt Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(_database, sql, out statement));
            _statements[sql] = statement;
        }
        return statement;
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_DONE or raw.SQLITE_ROW))
            throw new InvalidOperationException($"SQLite: {code} {raw.sqlite3_errmsg(_database).utf8_to_string()}");
    }
}
