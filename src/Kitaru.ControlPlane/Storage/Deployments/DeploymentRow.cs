using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>How a deployment's row is read; the columns and <see cref="Read"/> stand in the same order.</summary>
internal static class DeploymentRow
{
    public static string Columns(Dialect dialect) =>
        $"""
        d.deployment_id, f.name, d.version,
        (SELECT {(dialect == Dialect.Sqlite ? "json_group_object(t.tag, t.exclusive)" : "coalesce(json_object_agg(t.tag, t.exclusive), '{}')::text")} FROM deployment_tag t WHERE t.flow_id = d.flow_id AND t.version = d.version),
        d.snapshot_id, d.environment_id, d.stack_name, d.retries, d.created_at, d.target, d.source, d.commit_sha, d.commit_dirty, d.schema, d.inputs, d.spec
        """;

    public const string From = "deployment d JOIN flow f ON f.flow_id = d.flow_id";

    private static readonly Sql FindSql = Sql.Of(dialect => $"SELECT {Columns(dialect)} FROM {From} WHERE f.name = ?1 AND d.version = ?2");

    private static readonly Sql FindTaggedSql = Sql.Of(dialect =>
        $"""
        SELECT {Columns(dialect)} FROM {From}
        JOIN deployment_tag m ON m.flow_id = d.flow_id AND m.version = d.version
        WHERE f.name = ?1 AND m.tag = ?2
        ORDER BY d.version
        """);

    private static readonly Sql VersionsSql = new($"SELECT d.version FROM {From} WHERE f.name = ?1 ORDER BY d.version DESC LIMIT ?2");

    public static DeploymentRecord? Find(Connection connection, string flow, int version)
    {
        using var row = connection.Use(FindSql);
        return row.Bind(flow).Bind(version).Step() ? Read(row) : null;
    }

    public static IReadOnlyList<DeploymentRecord> FindTagged(Connection connection, string flow, string tag)
    {
        using var row = connection.Use(FindTaggedSql);
        return ReadAll(row.Bind(flow).Bind(tag));
    }

    public static IReadOnlyList<int> Versions(Connection connection, string flow, int limit)
    {
        var versions = new List<int>();
        using var row = connection.Use(VersionsSql);
        row.Bind(flow).Bind(limit);
        while (row.Step())
            versions.Add(row.Int32());
        return versions;
    }

    public static IReadOnlyList<DeploymentRecord> ReadAll(Statement row)
    {
        var all = new List<DeploymentRecord>();
        while (row.Step())
            all.Add(Read(row));
        return all;
    }

    private static DeploymentRecord Read(Statement row) => new()
    {
        Id = new DeploymentId(row.Id()),
        Flow = row.Text(),
        Version = row.Int32(),
        Tags = Tags(row.JsonOrNull()!),
        Snapshot = new SnapshotId(row.Text()),
        Environment = new EnvironmentId(row.Text()),
        StackName = row.Text(),
        Retries = row.Int32(),
        CreatedAt = row.Time(),
        Target = row.Text(),
        Source = row.TextOrNull(),
        CommitSha = row.TextOrNull(),
        CommitDirty = row.Int64OrNull() is { } dirty ? dirty != 0 : null,
        Schema = row.JsonOrNull(),
        Inputs = row.JsonOrNull()!,
        Spec = row.JsonOrNull()!,
    };

    private static SortedDictionary<string, bool> Tags(JsonObject json)
    {
        var tags = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (tag, exclusive) in json)
            tags[tag] = exclusive!.GetValue<int>() != 0;
        return tags;
    }
}
