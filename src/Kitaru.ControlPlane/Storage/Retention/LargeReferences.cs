using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// Who refers to values that stand in the artifact store. A row does when it has a hash and no bytes; a test compares this list with the schema.
/// </summary>
internal static class LargeReferences
{
    /// <summary>Table, column with the hash, column with the bytes, column with the size.</summary>
    public static IReadOnlyList<(string Table, string Hash, string Bytes, string Size)> Columns { get; } =
    [
        ("execution", "inputs_hash", "inputs", "inputs_size"),
        ("execution", "result_hash", "result", "result_size"),
        ("journal", "value_hash", "value", "value_size"),
        ("wait", "answer_hash", "answer", "answer_size"),
        ("artifact", "value_hash", "value", "value_size"),
    ];

    private static readonly Sql OfExecutionSql = new(string.Join("\nUNION\n", Columns.Select(column =>
        $"SELECT {column.Hash}, {column.Size} FROM {column.Table} WHERE exec_id = ?1 AND {column.Hash} IS NOT NULL AND {column.Bytes} IS NULL")));

    private static readonly Sql ReferrersSql = new(string.Join("\nUNION\n", Columns.Select(column =>
        $"SELECT exec_id FROM {column.Table} WHERE {column.Hash} = ?1 AND {column.Bytes} IS NULL")));

    private static readonly Sql IsReferencedSql = new("SELECT " + string.Join("\nOR ", Columns.Select(column =>
        $"EXISTS (SELECT 1 FROM {column.Table} WHERE {column.Hash} = ?1 AND {column.Bytes} IS NULL)")));

    /// <summary>Files of a snapshot lie under its id.</summary>
    private static readonly Sql IsSnapshotSql = new("SELECT EXISTS (SELECT 1 FROM snapshot WHERE snapshot_id = ?1)");

    /// <summary>The statements, for a test that asks how they are run.</summary>
    internal static IReadOnlyList<string> LookupTexts => [ReferrersSql.Text, IsReferencedSql.Text];

    /// <summary>Hash and size of an execution's large values.</summary>
    public static Dictionary<string, long> Of(Connection connection, ExecutionId id)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        using var row = connection.Use(OfExecutionSql);
        row.Bind(id.Value);
        while (row.Step())
            values[Convert.ToHexStringLower(row.BytesOrNull()!)] = row.Int64();
        return values;
    }

    /// <summary>The hashes that rows in the form of an archive refer to.</summary>
    public static IEnumerable<string> Of(JsonObject tables) =>
        from column in Columns
        from row in tables[column.Table] as JsonArray ?? []
        where row![column.Hash] is not null && row[column.Bytes] is null
        select Convert.ToHexStringLower(Convert.FromBase64String(row[column.Hash]!.GetValue<string>()));

    public static bool IsReferenced(Connection connection, string hash)
    {
        using var statement = connection.Use(IsReferencedSql);
        statement.Bind(Convert.FromHexString(hash)).Step();
        if (statement.Boolean())
            return true;
        using var snapshot = connection.Use(IsSnapshotSql);
        snapshot.Bind(hash).Step();
        return snapshot.Boolean();
    }

    /// <summary>Whether anything besides these executions refers to it.</summary>
    public static bool IsReferencedOutside(Connection connection, string hash, IReadOnlySet<ExecutionId> executions)
    {
        using var row = connection.Use(ReferrersSql);
        row.Bind(Convert.FromHexString(hash));
        while (row.Step())
        {
            if (!executions.Contains(new ExecutionId(row.Id())))
                return true;
        }
        return false;
    }
}
