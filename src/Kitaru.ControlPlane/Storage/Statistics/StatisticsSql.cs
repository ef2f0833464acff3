using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// One statement per query. The inner part yields rows <c>r</c> that stand for one execution or for many that agree in all that is
/// grouped by; the outer part groups them. Words come from fixed lists, everything a caller wrote is bound.
/// </summary>
internal sealed class StatisticsSql
{
    private readonly List<Action<Statement>> _parameters = [];

    private StatisticsSql()
    {
    }

    public string Text { get; private set; } = "";

    /// <summary>What to bind, in order.</summary>
    public IReadOnlyList<Action<Statement>> Parameters => _parameters;

    public static StatisticsSql Build(StatisticsFilter filter, Guid? flow)
    {
        var sql = new StatisticsSql();
        var inputs = MetricInput.Of(filter.Metrics);
        var source = new StatisticsSource(sql, filter, inputs, flow).Text();
        var keys = filter.GroupBy.Select((grouping, i) => $"{Key(grouping, i)} AS k{i}");
        var flowName = filter.GroupBy.Any(grouping => grouping.Dimension == StatisticsDimension.Flow)
            ? "(SELECT f.name FROM flow f WHERE f.flow_id = r.flow_id)"
            : "NULL";
        var metrics = filter.Metrics.Select(metric => MetricInput.Find(inputs, metric).Final(metric.Aggregation));
        var columns = string.Join(", ", [.. keys, flowName, "coalesce(sum(r.n), 0) AS n", .. metrics]);
        // Time first: rows come nearly in its order, which makes sorting them cheaper.
        var names = filter.GroupBy.Index().OrderBy(item => item.Item.Dimension != StatisticsDimension.Time).Select(item => $"k{item.Index}").ToList();
        sql.Text = $"""
            SELECT {columns}
            FROM ({source}) r
            {(names.Count == 0 ? "" : $"GROUP BY {string.Join(", ", names)} ORDER BY {Order(filter, names)}")}
            LIMIT {sql.Bind(statement => statement.Bind((long)filter.Limit))}
            """;
        return sql;
    }

    /// <summary>The name of a parameter that holds a value.</summary>
    public string Bind(Action<Statement> parameter)
    {
        _parameters.Add(parameter);
        return $"?{_parameters.Count}";
    }

    private static string Key(StatisticsGrouping grouping, int i) => grouping.Dimension switch
    {
        StatisticsDimension.Status => "CASE WHEN r.status IN ('queued', 'sleeping') THEN 'running' ELSE r.status END",
        StatisticsDimension.Flow => "r.flow_id",
        StatisticsDimension.Stack => "r.stack_name",
        StatisticsDimension.Tag => "r.tag",
        StatisticsDimension.Metadata => $"r.v{i}",
        // 1970 began on a Thursday, three days after a Monday.
        _ => grouping.Granularity switch
        {
            TimeGranularity.Week => "((r.bucket / 86400 + 3) / 7 * 7 - 3) * 86400",
            TimeGranularity.Month => "unixepoch(r.bucket, 'unixepoch', 'start of month')",
            _ => "r.bucket",
        },
    };

    private static string Order(StatisticsFilter filter, List<string> names) =>
        filter.ByTime ? string.Join(", ", names.Select(name => $"{name} DESC")) : $"n DESC, {string.Join(", ", names)}";
}
