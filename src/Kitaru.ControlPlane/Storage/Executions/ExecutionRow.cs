using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>How an execution's row is read; the columns and <see cref="Read"/> stand in the same order.</summary>
internal static class ExecutionRow
{
    // Counted as all minus the rest: both are answered by an index alone, however long the journal.

    /// <summary>Distinct calls: recorded, plus tried or running ones that have no record.</summary>
    public const string CallCount =
        """
        (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id)
        - (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id AND j.kind <> 'checkpoint')
        + (SELECT count(*)
           FROM (SELECT a.call_id FROM attempt a WHERE a.exec_id = e.exec_id
                 UNION
                 SELECT r.call_id FROM running_call r WHERE r.exec_id = e.exec_id) open
           WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.call_id = open.call_id))
        """;

    /// <summary>Outputs of calls, plus saved artifacts.</summary>
    public const string ArtifactCount =
        """
        (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id)
        - (SELECT count(*) FROM journal j WHERE j.exec_id = e.exec_id AND (j.kind <> 'checkpoint' OR j.value_hash IS NULL))
        + (SELECT count(*) FROM artifact a WHERE a.exec_id = e.exec_id)
        """;

    public const string Columns =
        $"""
        e.exec_id, e.flow_id, f.name, e.status, e.status_reason, e.snapshot_id, e.target, e.stack_name,
        e.created_at, e.started_at, e.ended_at, e.runnable_at, e.original_exec_id, e.seed, e.retries, e.retries_used,
        e.epoch, e.owner, e.takeovers, e.reopened, e.environment_id, e.deployment_id, e.deployment_version, e.source, e.trace_parent, e.tags, e.metadata, e.spec, e.failure,
        e.inputs_media, e.inputs_type, e.inputs_size, e.inputs_hash, e.inputs,
        e.result_media, e.result_type, e.result_size, e.result_hash, e.result,
        coalesce(e.checkpoint_count, {CallCount}), coalesce(e.artifact_count, {ArtifactCount})
        """;

    private static readonly Sql FindSql = new(
        $"""
        SELECT {Columns}
        FROM execution e JOIN flow f ON f.flow_id = e.flow_id
        WHERE e.exec_id = ?1
        """);

    public static ExecutionRecord? Find(Connection connection, ExecutionId id)
    {
        ExecutionRecord record;
        using (var statement = connection.Use(FindSql))
        {
            if (!statement.Bind(id.Value).Step())
                return null;
            record = Read(statement);
        }
        return WithPendingWaits(connection, record);
    }

    public static ExecutionRecord WithPendingWaits(Connection connection, ExecutionRecord record) =>
        record.Status == ExecutionStatus.Waiting ? record with { PendingWaits = WaitRow.ListPending(connection, record.Id) } : record;

    /// <summary>Reads a row.</summary>
    /// <param name="row">The statement, on the row.</param>
    /// <param name="specs">For rows that are read together: most have the same spec.</param>
    public static ExecutionRecord Read(Statement row, SharedJson? specs = null) => new()
    {
        Id = new ExecutionId(row.Id()),
        FlowId = new FlowId(row.Id()),
        FlowName = row.Text(),
        Status = StoredWords.ToStatus(row.Text()),
        StatusReason = row.TextOrNull(),
        Snapshot = new SnapshotId(row.Text()),
        Target = row.TextOrNull(),
        StackName = row.Text(),
        CreatedAt = row.Time(),
        StartedAt = row.TimeOrNull(),
        EndedAt = row.TimeOrNull(),
        RunnableAt = row.TimeOrNull(),
        OriginalId = row.IdOrNull() is { } original ? new ExecutionId(original) : null,
        Seed = row.Int64(),
        Retries = row.Int32(),
        RetriesUsed = row.Int32(),
        Epoch = row.Int64(),
        Owner = row.IdOrNull() is { } owner ? new WorkerId(owner) : null,
        Takeovers = row.Int32(),
        Reopened = row.Int32(),
        Environment = new EnvironmentId(row.Text()),
        Deployment = DeploymentOrNull(row),
        Source = row.TextOrNull(),
        TraceParent = row.TextOrNull(),
        Tags = StoredJson.ToList(row.TextOrNull()),
        Metadata = row.JsonOrNull() ?? [],
        Spec = specs is null ? row.JsonOrNull() : specs.Of(row.TextOrNull()),
        Failure = StoredJson.ToFailure(row.TextOrNull()),
        Inputs = row.ValueOrNull()!,
        Result = row.ValueOrNull(),
        CheckpointCount = row.Int32(),
        ArtifactCount = row.Int32(),
    };

    private static DeploymentReference? DeploymentOrNull(Statement row)
    {
        var (id, version) = (row.IdOrNull(), row.Int64OrNull());
        return id is { } deployment ? new DeploymentReference(new DeploymentId(deployment), (int)version!.Value) : null;
    }
}
