using System.Collections.Concurrent;
using System.Text;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// One page, newest first. Each wanted status is a walk along an index that ends after a page, so that a page costs the same on ten
/// and on a hundred thousand executions.
/// </summary>
internal static class ExecutionList
{
    private static readonly string[] AllStatuses = ["running", "waiting", "completed", "failed", "cancelled"];

    private static readonly Sql FlowSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    /// <summary>The statements of each combination of filters, built once.</summary>
    private static readonly ConcurrentDictionary<Shape, (Sql Page, Sql Total)> Statements = new();

    public static (IReadOnlyList<ExecutionRecord> Items, long Total) Read(Connection connection, ExecutionFilter filter)
    {
        Guid? flow = null;
        if (filter.Flow is not null)
        {
            using var find = connection.Use(FlowSql);
            if (!find.Bind(filter.Flow).Step())
                return ([], 0);
            flow = find.Id();
        }
        var shape = Shape.Of(filter);
        var (pageSql, totalSql) = Statements.GetOrAdd(shape, static shape => (new Sql(Page(shape)), new Sql(Total(shape))));
        var items = new List<ExecutionRecord>();
        using (var page = connection.Use(pageSql))
        {
            Bind(page, filter, flow);
            page.Bind(filter.After?.CreatedAt).Bind(filter.After?.Id.Value).Bind(filter.Limit);
            while (page.Step())
                items.Add(ExecutionRow.Read(page));
        }
        for (var i = 0; i < items.Count; i++)
            items[i] = ExecutionRow.WithPendingWaits(connection, items[i]);
        using var total = connection.Use(totalSql);
        Bind(total, filter, flow);
        total.Step();
        return (items, total.Int64());
    }

    /// <summary>Parameters 1 to 6; the tags are one JSON array.</summary>
    private static void Bind(Statement statement, ExecutionFilter filter, Guid? flow) => statement
        .Bind(flow).Bind(filter.Stack).Bind(filter.Since).Bind(filter.Until).Bind(filter.OriginalId?.Value).Bind(StoredJson.OfList(filter.Tags));

    private static string Page(Shape shape)
    {
        var branches = Branches(shape).Select(branch =>
            $"""
            SELECT * FROM (
                SELECT w.exec_id, w.created_at FROM execution w {branch}{(shape.After ? " AND (w.created_at, w.exec_id) < (?7, ?8)" : "")}
                ORDER BY w.created_at DESC, w.exec_id DESC LIMIT ?9)
            """);
        return $"""
            SELECT {ExecutionRow.Columns}
            FROM ({string.Join("\nUNION ALL\n", branches)}) p
            JOIN execution e ON e.exec_id = p.exec_id
            JOIN flow f ON f.flow_id = e.flow_id
            ORDER BY p.created_at DESC, p.exec_id DESC LIMIT ?9
            """;
    }

    private static string Total(Shape shape) => shape.IsEverything
        ? "SELECT count(*) FROM execution"
        : $"SELECT {string.Join(" + ", Branches(shape).Select(branch => $"(SELECT count(*) FROM execution w {branch})"))}";

    private static IEnumerable<string> Branches(Shape shape)
    {
        if (shape.Original)
            return [Where(shape, "execution_by_original", shape.Statuses.Length == 0 ? null : $"w.public_status IN ('{shape.Statuses.Replace(",", "', '", StringComparison.Ordinal)}')")];
        if (shape.Statuses.Length == 0 && !shape.Flow && !shape.Stack)
            return [Where(shape, "execution_by_created", null)];
        var statuses = shape.Statuses.Length == 0 ? AllStatuses : shape.Statuses.Split(',');
        return statuses.Select(status => Where(shape, shape.Flow ? "execution_by_flow" : "execution_by_status", $"w.public_status = '{status}'"));
    }

    private static string Where(Shape shape, string index, string? status)
    {
        var where = new StringBuilder($"INDEXED BY {index} WHERE ");
        where.AppendJoin(" AND ", new[]
        {
            shape.Flow ? "w.flow_id = ?1" : null,
            status,
            shape.Original ? "w.original_exec_id = ?5" : null,
            shape.Since ? "w.created_at >= ?3" : null,
            shape.Until ? "w.created_at < ?4" : null,
            shape.Stack ? "w.stack_name = ?2" : null,
            shape.Tags ? "NOT EXISTS (SELECT 1 FROM json_each(?6) t WHERE NOT EXISTS (SELECT 1 FROM execution_tag x WHERE x.tag = t.value AND x.exec_id = w.exec_id))" : null,
            "true",
        }.Where(condition => condition is not null));
        return where.ToString();
    }

    /// <summary>Which filters are there. Statuses are our own words, in one order, joined by commas.</summary>
    private readonly record struct Shape(string Statuses, bool Flow, bool Stack, bool Since, bool Until, bool Original, bool Tags, bool After)
    {
        public bool IsEverything => this with { After = false } == new Shape("", false, false, false, false, false, false, false);

        public static Shape Of(ExecutionFilter filter) => new(
            string.Join(',', AllStatuses.Where(word => filter.Statuses.Any(status => StoredWords.Of(status) == word))),
            filter.Flow is not null, filter.Stack is not null, filter.Since is not null, filter.Until is not null,
            filter.OriginalId is not null, filter.Tags.Count > 0, filter.After is not null);
    }
}
