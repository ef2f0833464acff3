using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// Everything that hangs on one execution: the rows of every table with a column <c>exec_id</c>. Found in the schema, so that a table that is
/// added later cannot be forgotten. Statistics rows go with their execution by a trigger.
/// </summary>
internal sealed class OwnedRows
{
    private static readonly Sql ColumnsSql = new(
        sqlite: """
            SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name <> 'execution_fact' AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) o WHERE o.name = 'exec_id')
            ORDER BY t.name = 'execution', t.name, c.cid
            """,
        postgres: """
            SELECT t.relname::text, c.attname::text FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
            WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND t.relname <> 'execution_fact'
                AND EXISTS (SELECT 1 FROM pg_attribute o WHERE o.attrelid = t.oid AND o.attname = 'exec_id')
            ORDER BY t.relname = 'execution', t.relname, c.attnum
            """);

    private readonly List<Table> _tables;

    private OwnedRows(List<Table> tables) => _tables = tables;

    /// <summary>Names of the tables, the execution's own last.</summary>
    public IEnumerable<string> Tables => _tables.Select(table => table.Name);

    public static OwnedRows Read(Connection connection)
    {
        var columns = new List<(string Table, string Column)>();
        using (var row = connection.Use(ColumnsSql))
        {
            while (row.Step())
                columns.Add((row.Text(), row.Text()));
        }
        return new OwnedRows([.. columns.GroupBy(column => column.Table, column => column.Column).Select(table => new Table(table.Key, [.. table]))]);
    }

    /// <summary>How many rows in each table, and what they hold.</summary>
    public (IReadOnlyDictionary<string, long> Rows, long Bytes) Count(Connection connection, ExecutionId id)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        var bytes = 0L;
        foreach (var table in _tables)
        {
            using var statement = connection.Use(table.CountSql);
            statement.Bind(id.Value).Step();
            if (statement.Int64() is var count and > 0)
                rows.Add(table.Name, count);
            bytes += statement.Int64();
        }
        return (rows, bytes);
    }

    public void Delete(Connection connection, ExecutionId id)
    {
        foreach (var table in _tables)
        {
            using var statement = connection.Use(table.DeleteSql);
            statement.Bind(id.Value).Post();
        }
    }

    private sealed class Table(string name, IReadOnlyList<string> columns)
    {
        public string Name => name;

        public Sql CountSql { get; } = Sql.Of(dialect =>
            $"SELECT count(*), coalesce(sum({string.Join(" + ", columns.Select(column => Size(dialect, column)))}), 0) FROM {name} WHERE exec_id = ?1");

        private static string Size(Dialect dialect, string column) =>
            dialect == Dialect.Sqlite ? $"coalesce(octet_length([{column}]), 0)" : $"coalesce(pg_column_size({column}), 0)";

        public Sql DeleteSql { get; } = new($"DELETE FROM {name} WHERE exec_id = ?1");
    }
}
