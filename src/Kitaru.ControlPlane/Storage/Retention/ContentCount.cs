using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Counts what the database holds; rows of large tables are counted one by one, so it takes its time.</summary>
internal static class ContentCount
{
    private static readonly Sql TablesSql = new(
        sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        postgres: "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v') AND relname <> 'execution_change' ORDER BY relname");

    private const string PostgresBytes =
        "SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'";
    private static readonly Sql StatusesSql = new("SELECT status, sum(executions) FROM execution_count GROUP BY status");
    private static readonly Sql OldestSql = new("SELECT min(created_at) FROM execution");
    private static readonly Sql OldestEndSql = new("SELECT min(ended_at) FROM execution WHERE ended_at IS NOT NULL");

    public static StoreContents Read(Connection connection, string path)
    {
        var tables = new List<string>();
        using (var row = connection.Use(TablesSql))
        {
            while (row.Step())
                tables.Add(row.Text());
        }
        var rows = tables.ToDictionary(table => table, table => Number(connection, $"SELECT CAST(count(*) AS text) FROM {table}"), StringComparer.Ordinal);
        var executions = new Dictionary<ExecutionStatus, long>();
        using (var row = connection.Use(StatusesSql))
        {
            while (row.Step())
                executions[StoredWords.ToStatus(row.Text())] = row.Int64();
        }
        var isFile = connection.Dialect == Dialect.Sqlite;
        return new StoreContents(
            path, isFile ? null : Number(connection, PostgresBytes),
            isFile ? Number(connection, "PRAGMA page_size") * Number(connection, "PRAGMA freelist_count") : 0, rows, executions,
            Moment(connection, OldestSql), Moment(connection, OldestEndSql));
    }

    private static long Number(Connection connection, string text) =>
        long.Parse(connection.Scalar(text)!, System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset? Moment(Connection connection, Sql sql)
    {
        using var row = connection.Use(sql);
        return row.Step() ? row.TimeOrNull() : null;
    }
}
