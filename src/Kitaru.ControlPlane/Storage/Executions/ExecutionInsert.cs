using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A new execution with its flow and tags, unless one with its id or key is there.</summary>
internal sealed class ExecutionInsert
{
    private static readonly Sql FindTwinSql = new(
        """
        SELECT exec_id, flow_id, created_at FROM execution
        WHERE exec_id = ?1 OR idempotency_key = ?2
        ORDER BY exec_id = ?1 DESC
        LIMIT 1
        """);

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO execution (
            exec_id, status, status_reason, created_at, runnable_at, flow_id, snapshot_id, stack_name, retries, seed,
            original_exec_id, idempotency_key, target, source, tags, spec, metadata, inputs_media, inputs_type, inputs_size, inputs_hash, inputs,
            environment_id, deployment_id, deployment_version, trace_parent)
        VALUES (?1, 'queued', 'queued', ?2, ?2, (SELECT flow_id FROM flow WHERE name = ?3), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        ON CONFLICT DO NOTHING
        RETURNING flow_id
        """);

    private static readonly Sql AddTagSql = new(
        """
        INSERT INTO execution_tag (tag, created_at, exec_id) VALUES (?1, ?2, ?3)
        ON CONFLICT DO NOTHING
        """);

    private readonly NewExecution _execution;
    private readonly FlowId _newFlowId;
    private readonly EnvironmentId _environment;
    private readonly string? _tags;
    private readonly string? _spec;
    private readonly string? _metadata;

    private ExecutionInsert(NewExecution execution, FlowId newFlowId)
    {
        (_execution, _newFlowId) = (execution, newFlowId);
        _environment = execution.Environment.Id();
        _tags = StoredJson.OfList(execution.Tags);
        _spec = StoredJson.OfObject(execution.Spec);
        _metadata = StoredJson.OfObject(execution.Metadata);
    }

    public static ExecutionInsert Prepare(NewExecution execution, FlowId newFlowId) => new(execution, newFlowId);

    public InsertedExecution Run(Connection connection, DateTimeOffset now) =>
        // Looked at first where that costs nothing; else only when the insert found one.
        (connection.Dialect == Dialect.Sqlite ? FindTwin(connection) : null) ?? Insert(connection, now) ?? FindTwin(connection)!;

    private InsertedExecution? FindTwin(Connection connection)
    {
        using var statement = connection.Use(FindTwinSql);
        return statement.Bind(_execution.Id.Value).Bind(_execution.IdempotencyKey).Step()
            ? new InsertedExecution(new ExecutionId(statement.Id()), new FlowId(statement.Id()), statement.Time())
            : null;
    }

    private InsertedExecution? Insert(Connection connection, DateTimeOffset now)
    {
        FlowRow.Put(connection, _newFlowId, _execution.FlowName, now);
        EnvironmentRow.Put(connection, _environment, _execution.Environment);
        FlowId flowId;
        using (var insert = connection.Use(InsertSql))
        {
            insert.Bind(_execution.Id.Value).Bind(now).Bind(_execution.FlowName).Bind(_execution.Snapshot.Value).Bind(_execution.StackName)
                .Bind(_execution.Retries).Bind(_execution.Seed).Bind(_execution.OriginalId?.Value).Bind(_execution.IdempotencyKey)
                .Bind(_execution.Target).Bind(_execution.Source).Bind(_tags).Bind(_spec).Bind(_metadata).Bind(_execution.Inputs)
                .Bind(_environment.Value).Bind(_execution.Deployment?.Id.Value).Bind(_execution.Deployment?.Version).Bind(_execution.TraceParent);
            // Another writer may have stored its twin since we looked.
            if (!insert.Step())
                return null;
            flowId = new FlowId(insert.Id());
        }
        foreach (var tag in _execution.Tags)
        {
            using var add = connection.Use(AddTagSql);
            add.Bind(tag).Bind(now).Bind(_execution.Id.Value).Post();
        }
        return new InsertedExecution(null, flowId, Instant.FromMicroseconds(Instant.ToMicroseconds(now)));
    }
}
