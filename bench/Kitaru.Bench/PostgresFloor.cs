using System.Collections.Concurrent;
using System.Text;
using Kitaru.Core;
using Npgsql;
using NpgsqlTypes;

namespace Kitaru.Bench;

/// <summary>
/// What the disk, PostgreSQL and Npgsql allow with one commit per step: the same tables, prepared statements, a connection per flow that runs. No engine, no
/// serialization, no fencing beyond the statement's own.
/// </summary>
internal sealed class PostgresFloor : IAsyncDisposable
{
    private const string Create =
        """
        INSERT INTO execution (exec_id, status, epoch, runnable_at, created_at, flow_id, snapshot_id, stack_name, retries, seed,
            inputs_media, inputs_type, inputs_size, inputs_hash, inputs)
        VALUES ($1, 'queued', 0, $2, $2, $3, 'floor', 'default', 0, 1, 'application/json', 'inputs', 2, $4, $5)
        """;

    private const string Claim =
        """
        UPDATE execution SET status = 'running', owner = $2, epoch = epoch + 1, lease_until = $3, runnable_at = NULL, started_at = $3
        WHERE exec_id = $1 AND owner IS NULL
        """;

    private const string Append =
        """
        INSERT INTO journal (
            exec_id, seq, kind, status, call_id, key, name, type, attempt, started_at, ended_at, fingerprint,
            parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value)
        SELECT $1, $3, 'checkpoint', 'completed', $4, $5, 'step', NULL, 1, $6, $6, $9,
            '["step_1"]', NULL, NULL, $9, 'text/plain', 'System.String', octet_length($7), $8, $7
        FROM execution WHERE exec_id = $1 AND owner = $2 AND epoch = 1
        """;

    private const string Finish =
        """
        UPDATE execution SET status = 'completed', owner = NULL, lease_until = NULL, ended_at = $3, checkpoint_count = 10, artifact_count = 10,
            result_media = 'application/json', result_type = 'System.Int32', result_size = 4, result_hash = $4, result = $5
        WHERE exec_id = $1 AND owner = $2 AND epoch = 1
        """;

    private static readonly byte[] Hash = new byte[32];
    private static readonly byte[] Small = new byte[16];

    private readonly NpgsqlDataSource _source;
    private readonly ConcurrentBag<NpgsqlConnection> _idle = [];
    private readonly Guid _owner = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly Guid _flow = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());

    /// <param name="connectionString">A database.</param>
    /// <param name="schema">One that has the tables.</param>
    public PostgresFloor(string connectionString, string schema)
    {
        _source = NpgsqlDataSource.Create($"{connectionString};Search Path={schema};Max Auto Prepare=50;Auto Prepare Min Usages=2;No Reset On Close=true");
        using var command = _source.CreateCommand("INSERT INTO flow (flow_id, name, created_at) VALUES ($1, $2, 1)");
        command.Parameters.Add(new NpgsqlParameter { Value = _flow });
        command.Parameters.Add(new NpgsqlParameter { Value = "floor_" + _flow });
        command.ExecuteNonQuery();
    }

    public async Task RunFlowAsync(int steps, string value)
    {
        if (!_idle.TryTake(out var connection))
            connection = await _source.OpenConnectionAsync();
        var id = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        var bytes = Encoding.UTF8.GetBytes(value);
        await RunAsync(connection, Create, id, 1L, _flow, Hash, Small);
        await RunAsync(connection, Claim, id, _owner, 2L);
        for (var seq = 1; seq <= steps; seq++)
        {
            var name = "step_" + seq;
            await RunAsync(connection, Append, id, _owner, (long)seq, IdFactory.Derive(new ExecutionId(id), name), name, 3L, bytes, Hash, Small);
        }
        await RunAsync(connection, Finish, id, _owner, 4L, Hash, Small);
        _idle.Add(connection);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _idle)
            await connection.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                long number => new NpgsqlParameter<long> { TypedValue = number, NpgsqlDbType = NpgsqlDbType.Bigint },
                Guid key => new NpgsqlParameter<Guid> { TypedValue = key, NpgsqlDbType = NpgsqlDbType.Uuid },
                string text => new NpgsqlParameter<string> { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text },
                var bytes => new NpgsqlParameter<byte[]> { TypedValue = (byte[])bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
            });
        }
        if (await command.ExecuteNonQueryAsync() != 1)
            throw new InvalidOperationException("the floor's own statement changed nothing");
    }
}
