using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal static class ArtifactRow
{
    private static readonly Sql InsertSql = new(
        """
        INSERT INTO artifact (artifact_id, exec_id, seq, ordinal, call_key, name, kind, tags, value_media, value_type, value_size, value_hash, value)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """);

    private static readonly Sql ListSql = new(
        """
        SELECT artifact_id, exec_id, name, kind, call_key, value_media, value_type, value_size, value_hash, NULL
        FROM artifact WHERE exec_id = ?1 ORDER BY seq, ordinal
        """);

    private static readonly Sql FindSql = new(
        """
        SELECT artifact_id, exec_id, name, kind, call_key, value_media, value_type, value_size, value_hash, value
        FROM artifact WHERE artifact_id = ?1
        """);

    public static void Insert(Connection connection, ExecutionId id, JournalEntry entry, int ordinal, string? tags)
    {
        var artifact = entry.Artifacts[ordinal];
        using var statement = connection.Use(InsertSql);
        statement.Bind(artifact.Id.Value).Bind(id.Value).Bind(entry.Seq).Bind(ordinal).Bind(entry.Key).Bind(artifact.Name).Bind(artifact.Kind)
            .Bind(tags).Bind(artifact.Value).Post();
    }

    public static IReadOnlyList<ArtifactRecord> List(Connection connection, ExecutionId id)
    {
        var artifacts = new List<ArtifactRecord>();
        using var statement = connection.Use(ListSql);
        statement.Bind(id.Value);
        while (statement.Step())
            artifacts.Add(Read(statement));
        return artifacts;
    }

    public static ArtifactRecord? Find(Connection connection, ArtifactId id)
    {
        using var statement = connection.Use(FindSql);
        return statement.Bind(id.Value).Step() ? Read(statement) : null;
    }

    private static ArtifactRecord Read(Statement row)
    {
        var (id, execution, name, kind, call) = (row.Id(), row.Id(), row.Text(), row.Text(), row.Text());
        return new ArtifactRecord
        {
            Id = new ArtifactId(id),
            ExecutionId = new ExecutionId(execution),
            Name = name,
            Kind = kind,
            SaveType = "manual",
            ProducingCall = call,
            Metadata = new JsonObject { ["kitaru_artifact_type"] = kind },
            Value = row.ValueOrNull()!,
        };
    }
}
