using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

internal sealed class SqliteExecutions(SqliteSession session) : IExecutionStore
{
    private static readonly Sql FindTwinSql = new(
        """
        SELECT exec_id, flow_id, created_at FROM execution
        WHERE exec_id = ?1 OR idempotency_key = ?2
        ORDER BY exec_id = ?1 DESC
        LIMIT 1
        """);

    private static readonly Sql AddFlowSql = new(
        """
        INSERT INTO flow (flow_id, name, created_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO NOTHING
        """);

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO execution (
            exec_id, status, status_reason, created_at, runnable_at, flow_id, snapshot_id, stack_name, retries, seed,
            original_exec_id, idempotency_key, target, tags, spec, inputs_media, inputs_type, inputs_size, inputs_hash, inputs)
        VALUES (?1, 'queued', 'queued', ?2, ?2, (SELECT flow_id FROM flow WHERE name = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
        RETURNING flow_id
        """);

    private static readonly Sql AddTagSql = new(
        """
        INSERT INTO execution_tag (tag, created_at, exec_id) VALUES (?1, ?2, ?3)
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql HurrySql = new(
        """
        UPDATE execution SET runnable_at = ?2
        WHERE exec_id = ?1 AND status = 'queued' AND runnable_at > ?2
        """);

    public Task<InsertedExecution> InsertAsync(NewExecution execution, FlowId newFlowId, CancellationToken cancellationToken)
    {
        var tags = StoredJson.OfList(execution.Tags);
        var spec = StoredJson.OfObject(execution.Spec);
        return session.WriteAndNotifyAsync(
            connection => FindTwin(connection, execution) ?? Insert(connection, execution, newFlowId, tags, spec),
            cancellationToken,
            SqliteSession.SizeOf(execution.Inputs));
    }

    public Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ExecutionRow.Find(connection, id), cancellationToken);

    public Task<ExecutionRows?> FindRowsAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection => ExecutionRow.Find(connection, id) is { } execution
                ? new ExecutionRows(
                    execution,
                    JournalRow.List(connection, id, withBytes: false),
                    AttemptRow.List(connection, id),
                    RunningCallRow.List(connection, id),
                    ArtifactRow.List(connection, id),
                    WaitRow.List(connection, id))
                : null,
            cancellationToken);

    public Task<(IReadOnlyList<ExecutionRecord> Items, long Total)> ListAsync(ExecutionFilter filter, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ExecutionList.Read(connection, filter), cancellationToken);

    public Task<bool> CancelIfActiveAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => ExecutionEnd.CancelIfActive(connection, id, session.Now), cancellationToken);

    public Task<bool> HurryIfQueuedAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                using var statement = connection.Use(HurrySql);
                return statement.Bind(id.Value).Bind(session.Now).Run() == 1;
            },
            cancellationToken);

    public Task<bool> ChangeTagsAsync(ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => TagRow.Change(connection, id, add, remove), cancellationToken);

    private static InsertedExecution? FindTwin(Connection connection, NewExecution execution)
    {
        using var statement = connection.Use(FindTwinSql);
        return statement.Bind(execution.Id.Value).Bind(execution.IdempotencyKey).Step()
            ? new InsertedExecution(new ExecutionId(statement.Id()), new FlowId(statement.Id()), statement.Time())
            : null;
    }

    private InsertedExecution Insert(Connection connection, NewExecution execution, FlowId newFlowId, string? tags, string? spec)
    {
        var now = session.Now;
        using (var flow = connection.Use(AddFlowSql))
            flow.Bind(newFlowId.Value).Bind(execution.FlowName).Bind(now).Run();
        FlowId flowId;
        using (var insert = connection.Use(InsertSql))
        {
            insert.Bind(execution.Id.Value).Bind(now).Bind(execution.FlowName).Bind(execution.Snapshot.Value).Bind(execution.StackName)
                .Bind(execution.Retries).Bind(execution.Seed).Bind(execution.OriginalId?.Value).Bind(execution.IdempotencyKey)
                .Bind(execution.Target).Bind(tags).Bind(spec).Bind(execution.Inputs).Step();
            flowId = new FlowId(insert.Id());
        }
        foreach (var tag in execution.Tags)
        {
            using var add = connection.Use(AddTagSql);
            add.Bind(tag).Bind(now).Bind(execution.Id.Value).Run();
        }
        return new InsertedExecution(null, flowId, Instant.FromMicroseconds(Instant.ToMicroseconds(now)));
    }
}
