using System.Collections.Concurrent;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>One page, newest first, at the same cost on ten and on a hundred thousand executions.</summary>
internal static class ExecutionList
{
    private static readonly Sql FlowSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    /// <summary>The statements of each combination of filters, built once.</summary>
    private static readonly ConcurrentDictionary<ListShape, Sql> Pages = new(), Totals = new();

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
        var shape = ListShape.Of(filter);
        // One of two upper bounds says it all; an index takes one only and would walk through what the other leaves out.
        var pageShape = filter.After is not { } after || filter.Until is not { } until ? shape
            : after.CreatedAt < until ? shape with { Until = false }
            : shape with { After = false };
        var pageSql = Pages.GetOrAdd(pageShape, static key => Sql.Of(key.PageText));
        var totalSql = Totals.GetOrAdd(shape with { After = false }, static key => Sql.Of(key.TotalText));
        var items = new List<ExecutionRecord>();
        using (var page = connection.Use(pageSql))
        {
            var specs = new SharedJson();
            Bind(page, filter, flow);
            page.Bind(filter.After?.CreatedAt).Bind(filter.After?.Id.Value).Bind(filter.Limit);
            while (page.Step())
                items.Add(ExecutionRow.Read(page, specs));
        }
        for (var i = 0; i < items.Count; i++)
            items[i] = ExecutionRow.WithPendingWaits(connection, items[i]);
        using var total = connection.Use(totalSql);
        Bind(total, filter, flow);
        total.Step();
        return (items, total.Int64());
    }

    private static void Bind(Statement statement, ExecutionFilter filter, Guid? flow) => statement
        .Bind(flow).Bind(filter.Stack).Bind(filter.Since).Bind(filter.Until).Bind(filter.OriginalId?.Value).Bind(StoredJson.OfList(filter.Tags)).Bind(filter.Deployment?.Value);
}
