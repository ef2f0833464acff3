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

    private const string Columns =
        """
        exec_id, created_at, flow_id, snapshot_id, stack_name, retries, seed,
        original_exec_id, idempotency_key, target, source, tags, spec, metadata, inputs_media, inputs_type, inputs_size, inputs_hash, inputs,
        environment_id, deployment_id, deployment_version, trace_parent, status, status_reason, runnable_at, owner, lease_until, epoch, started_at
        """;

    private static readonly Sql InsertSql = new(
        $"""
        INSERT INTO execution ({Columns})
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30)
        ON CONFLICT DO NOTHING
        """)
    {
        Many = new ManyRows(
            $"""
            INSERT INTO execution ({Columns})
            SELECT * FROM {ManyRows.Of(
                """
                exec_id uuid, created_at bigint, flow_id uuid, snapshot_id text, stack_name text, retries bigint, seed bigint,
                original_exec_id uuid, idempotency_key text, target text, source text, tags text, spec text, metadata text,
                inputs_media text, inputs_type text, inputs_size bigint, inputs_hash bytea, inputs bytea,
                environment_id text, deployment_id uuid, deployment_version bigint, trace_parent text,
                status text, status_reason text, runnable_at bigint, owner uuid, lease_until bigint, epoch bigint, started_at bigint
                """)}
            ON CONFLICT DO NOTHING
            RETURNING exec_id
            """),
    };

    private static readonly Sql AddTagSql = new(
        """
        INSERT INTO execution_tag (tag, created_at, exec_id)
        SELECT ?1, created_at, exec_id FROM execution WHERE exec_id = ?3 AND created_at = ?2
        ON CONFLICT DO NOTHING
        """);

    private readonly NewExecution _execution;
    private readonly FlowId _newFlowId;
    private readonly TimeSpan _leaseDuration;
    private readonly EnvironmentId _environment;
    private readonly string? _tags;
    private readonly string? _spec;
    private readonly string? _metadata;

    private ExecutionInsert(NewExecution execution, FlowId newFlowId, TimeSpan leaseDuration)
    {
        (_execution, _newFlowId, _leaseDuration) = (execution, newFlowId, leaseDuration);
        _environment = execution.Environment.Id();
        _tags = StoredJson.OfList(execution.Tags);
        _spec = StoredJson.OfObject(execution.Spec);
        _metadata = StoredJson.OfObject(execution.Metadata);
    }

    public static ExecutionInsert Prepare(NewExecution execution, FlowId newFlowId, TimeSpan leaseDuration) => new(execution, newFlowId, leaseDuration);

    public InsertedExecution Run(Connection connection, DateTimeOffset now) =>
        // Looked at first where that costs nothing; else only when the insert found one.
        (connection.Dialect == Dialect.Sqlite ? FindTwin(connection) : null) ?? Insert(connection, now) ?? FindTwin(connection)!;

    /// <summary>Whether <see cref="Changes"/> are all that is to be stored when the flow is known.</summary>
    public bool IsPlain => _environment == EnvironmentId.Plain;

    /// <summary>The execution, and behind it what belongs to it; nothing when there is one with its id or key.</summary>
    public IReadOnlyList<Change> Changes(FlowId flowId, DateTimeOffset now)
    {
        List<Change> changes = [new Change(InsertSql, insert => Bind(insert, flowId, now))];
        if (_execution.TakenBy is { } worker)
            changes.Add(RunnerLine.FirstTaken(_execution.Id, worker, now));
        changes.AddRange(_execution.Tags.Select(tag => new Change(AddTagSql, add => add.Bind(tag).Bind(now).Bind(_execution.Id.Value))));
        return changes;
    }

    /// <summary>What is answered when it was stored.</summary>
    public static InsertedExecution Inserted(FlowId flowId, DateTimeOffset now) => new(null, flowId, Instant.FromMicroseconds(Instant.ToMicroseconds(now)));

    private InsertedExecution? FindTwin(Connection connection)
    {
        using var statement = connection.Use(FindTwinSql);
        return statement.Bind(_execution.Id.Value).Bind(_execution.IdempotencyKey).Step()
            ? new InsertedExecution(new ExecutionId(statement.Id()), new FlowId(statement.Id()), statement.Time())
            : null;
    }

    private InsertedExecution? Insert(Connection connection, DateTimeOffset now)
    {
        var flowId = FlowRow.Put(connection, _newFlowId, _execution.FlowName, now);
        EnvironmentRow.Put(connection, _environment, _execution.Environment);
        var changes = Changes(flowId, now);
        // Another writer may have stored its twin since we looked.
        if (changes[0].Run(connection) == 0)
            return null;
        foreach (var change in changes.Skip(1))
            change.Post(connection);
        return Inserted(flowId, now);
    }

    private void Bind(Statement insert, FlowId flowId, DateTimeOffset now)
    {
        insert.Bind(_execution.Id.Value).Bind(now).Bind(flowId.Value).Bind(_execution.Snapshot.Value).Bind(_execution.StackName)
            .Bind(_execution.Retries).Bind(_execution.Seed).Bind(_execution.OriginalId?.Value).Bind(_execution.IdempotencyKey)
            .Bind(_execution.Target).Bind(_execution.Source).Bind(_tags).Bind(_spec).Bind(_metadata).Bind(_execution.Inputs)
            .Bind(_environment.Value).Bind(_execution.Deployment?.Id.Value).Bind(_execution.Deployment?.Version).Bind(_execution.TraceParent);
        BindHolder(insert, now);
    }

    /// <summary>Status, its reason, when it is to be claimed, owner, end of the lease, epoch, start.</summary>
    private void BindHolder(Statement insert, DateTimeOffset now)
    {
        if (_execution.TakenBy is { } worker)
            insert.Bind("running").Bind((string?)null).Bind((long?)null).Bind(worker.Value).Bind(now + _leaseDuration).Bind(1L).Bind(now);
        else
            insert.Bind("queued").Bind("queued").Bind(now).Bind((Guid?)null).Bind((long?)null).Bind(0L).Bind((long?)null);
    }
}
