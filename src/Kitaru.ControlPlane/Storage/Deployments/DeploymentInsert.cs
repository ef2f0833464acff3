using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A new deployment under the flow's next number, with its tags.</summary>
internal sealed class DeploymentInsert(NewDeployment deployment, DeploymentId id, FlowId newFlowId)
{
    private static readonly Sql NumberSql = new("UPDATE flow SET last_version = last_version + 1 WHERE name = ?1 RETURNING last_version");

    private static readonly Sql HasAnySql = new("SELECT EXISTS (SELECT 1 FROM deployment WHERE flow_id = (SELECT flow_id FROM flow WHERE name = ?1))");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO deployment (
            deployment_id, flow_id, version, snapshot_id, environment_id, stack_name, retries, created_at, target, source,
            commit_sha, commit_dirty, schema, inputs, spec)
        VALUES (?1, (SELECT flow_id FROM flow WHERE name = ?2), ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """);

    private readonly EnvironmentId _environment = deployment.Environment.Id();
    private readonly string? _schema = StoredJson.OfObject(deployment.Schema);
    private readonly string? _inputs = StoredJson.OfObject(deployment.Inputs);
    private readonly string? _spec = StoredJson.OfObject(deployment.Spec);

    public DeploymentRecord Run(Connection connection, DateTimeOffset now)
    {
        FlowRow.Put(connection, newFlowId, deployment.Flow, now);
        var version = NextNumber(connection);
        var tags = new SortedDictionary<string, bool>(deployment.Tags.ToDictionary(), StringComparer.Ordinal);
        if (deployment.DefaultOnFirst && !HasAny(connection))
            tags[DeploymentRules.DefaultTag] = true;
        EnvironmentRow.Put(connection, _environment, deployment.Environment);
        using (var insert = connection.Use(InsertSql))
        {
            insert.Bind(id.Value).Bind(deployment.Flow).Bind(version).Bind(deployment.Snapshot.Value).Bind(_environment.Value).Bind(deployment.StackName)
                .Bind(deployment.Retries).Bind(now).Bind(deployment.Target).Bind(deployment.Source)
                .Bind(deployment.CommitSha).Bind(deployment.CommitDirty is { } dirty ? dirty ? 1L : 0L : null).Bind(_schema).Bind(_inputs).Bind(_spec).Run();
        }
        foreach (var (tag, exclusive) in tags)
            DeploymentTagRow.Put(connection, deployment.Flow, version, tag, exclusive);
        return DeploymentRow.Find(connection, deployment.Flow, version)!;
    }

    /// <summary>Counted up in the flow's row, so that a deleted version's number never comes back.</summary>
    private int NextNumber(Connection connection)
    {
        using var number = connection.Use(NumberSql);
        number.Bind(deployment.Flow).Step();
        return number.Int32();
    }

    private bool HasAny(Connection connection)
    {
        using var any = connection.Use(HasAnySql);
        any.Bind(deployment.Flow).Step();
        return any.Boolean();
    }
}
