using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Labels stand twice: in the execution's row, to be shown, and each in a row of its own, to be found.</summary>
internal static class TagRow
{
    private static readonly Sql ReadSql = Sql.Locking("SELECT created_at, tags FROM execution WHERE exec_id = ?1");

    private static readonly Sql WriteSql = new("UPDATE execution SET tags = ?2 WHERE exec_id = ?1");

    private static readonly Sql AddSql = new(
        """
        INSERT INTO execution_tag (tag, created_at, exec_id) VALUES (?1, ?2, ?3)
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql RemoveSql = new("DELETE FROM execution_tag WHERE tag = ?1 AND created_at = ?2 AND exec_id = ?3");

    /// <summary>False when there is no such execution.</summary>
    /// <exception cref="KitaruUsageException">There would be too many.</exception>
    public static bool Change(Connection connection, ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove)
    {
        if (Read(connection, id) is not ({ } createdAt, var before))
            return false;
        var after = before.Except(remove, StringComparer.Ordinal).Union(add, StringComparer.Ordinal).ToList();
        if (after.SequenceEqual(before))
            return true;
        if (after.Count > TagRules.TagsMax)
            throw TagRules.TooMany(after.Count);
        using (var write = connection.Use(WriteSql))
            write.Bind(id.Value).Bind(StoredJson.OfList(after)).Post();
        foreach (var tag in before.Except(after, StringComparer.Ordinal))
            Run(connection, RemoveSql, tag, createdAt, id);
        foreach (var tag in after.Except(before, StringComparer.Ordinal))
            Run(connection, AddSql, tag, createdAt, id);
        return true;
    }

    private static (DateTimeOffset? CreatedAt, IReadOnlyList<string> Tags) Read(Connection connection, ExecutionId id)
    {
        using var row = connection.Use(ReadSql);
        return row.Bind(id.Value).Step() ? (row.Time(), StoredJson.ToList(row.TextOrNull())) : (null, []);
    }

    private static void Run(Connection connection, Sql sql, string tag, DateTimeOffset createdAt, ExecutionId id)
    {
        using var statement = connection.Use(sql);
        statement.Bind(tag).Bind(createdAt).Bind(id.Value).Post();
    }
}
