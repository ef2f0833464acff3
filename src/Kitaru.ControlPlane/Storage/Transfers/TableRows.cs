using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A table whose rows are read into JSON and written from it, in the same form on every database.</summary>
internal sealed class TableRows
{
    private static readonly Sql ColumnsSql = new(
        sqlite: """
            SELECT t.name, c.name, CASE c.type WHEN 'INTEGER' THEN 'number' WHEN 'TEXT' THEN 'text' ELSE CASE WHEN c.name = 'owner' OR c.name LIKE '%\_id' ESCAPE '\' THEN 'id' ELSE 'bytes' END END
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c
            WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\'
            ORDER BY t.name, c.name
            """,
        postgres: """
            SELECT t.relname::text, c.attname::text, CASE c.atttypid::regtype::text WHEN 'uuid' THEN 'id' WHEN 'bytea' THEN 'bytes' WHEN 'text' THEN 'text' ELSE 'number' END
            FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
            WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r'
            ORDER BY t.relname, c.attname
            """);

    private readonly string _name;
    private readonly List<(string Name, ParameterKind Kind)> _columns;
    private readonly Sql _select;
    private readonly Sql _insert;

    private TableRows(string name, string key, List<(string Name, ParameterKind Kind)> columns)
    {
        (_name, _columns) = (name, columns);
        var names = string.Join(", ", columns.Select(column => column.Name));
        _select = new Sql($"SELECT {names} FROM {name} WHERE {key} = ?1");
        _insert = new Sql($"INSERT INTO {name} ({names}) VALUES ({string.Join(", ", columns.Select((_, i) => $"?{i + 1}"))})");
    }

    /// <summary>The tables of this database, by name.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="tables">Each with the column its rows are found by, and the columns that are left out.</param>
    public static Dictionary<string, TableRows> Read(Connection connection, IReadOnlyDictionary<string, (string Key, string[] Without)> tables)
    {
        var columns = new List<(string Table, string Name, ParameterKind Kind)>();
        using (var row = connection.Use(ColumnsSql))
        {
            while (row.Step())
                columns.Add((row.Text(), row.Text(), KindOf(row.Text())));
        }
        return tables.ToDictionary(table => table.Key, table => new TableRows(
            table.Key, table.Value.Key, [.. columns.Where(column => column.Table == table.Key && !table.Value.Without.Contains(column.Name)).Select(column => (column.Name, column.Kind))]));
    }

    public List<JsonObject> Read(Connection connection, Guid key)
    {
        var rows = new List<JsonObject>();
        using var row = connection.Use(_select);
        row.Bind(key);
        while (row.Step())
        {
            var json = new JsonObject();
            foreach (var (name, kind) in _columns)
            {
                if (row.IsNull())
                    row.Skip();
                else
                    json[name] = Read(row, kind);
            }
            rows.Add(json);
        }
        return rows;
    }

    /// <exception cref="KitaruUsageException">It has other columns, or values of other kinds.</exception>
    public void Insert(Connection connection, JsonObject row)
    {
        if (row.FirstOrDefault(pair => _columns.All(column => column.Name != pair.Key)).Key is { } unknown)
            throw Bad($"'{Texts.Short(unknown, 80)}' is not a column of it");
        using var insert = connection.Use(_insert);
        foreach (var (name, kind) in _columns)
            Bind(insert, name, kind, row[name]);
        insert.Run();
    }

    private void Bind(Statement statement, string name, ParameterKind kind, JsonNode? node)
    {
        if (node is null)
        {
            statement.BindNull(kind);
            return;
        }
        try
        {
            _ = kind switch
            {
                ParameterKind.Number => statement.Bind(node.GetValue<long>()),
                ParameterKind.Id => statement.Bind(Guid.ParseExact(node.GetValue<string>(), "N")),
                ParameterKind.Bytes => statement.Bind((byte[]?)Convert.FromBase64String(node.GetValue<string>())),
                _ => statement.Bind(node.GetValue<string>()),
            };
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or JsonException)
        {
            throw Bad($"its '{name}' is not {(kind == ParameterKind.Number ? "a whole number" : kind == ParameterKind.Id ? "an id of 32 hex digits" : kind == ParameterKind.Bytes ? "bytes in base64" : "a text")}");
        }
    }

    private KitaruUsageException Bad(string why) => new(
        $"A row of '{_name}' cannot be stored: {why}.", "Export again with a program of the same release as the store it goes to.");

    private static JsonNode Read(Statement row, ParameterKind kind) => kind switch
    {
        ParameterKind.Number => row.Int64(),
        ParameterKind.Id => row.Id().ToString("N"),
        ParameterKind.Bytes => Convert.ToBase64String(row.Bytes()),
        _ => row.Text(),
    };

    private static ParameterKind KindOf(string word) => word switch
    {
        "number" => ParameterKind.Number,
        "id" => ParameterKind.Id,
        "bytes" => ParameterKind.Bytes,
        _ => ParameterKind.Text,
    };
}
