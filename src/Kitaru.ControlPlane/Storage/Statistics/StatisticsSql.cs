using System.Globalization;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// One statement per query. The inner part yields rows <c>r</c> that stand for one execution or for many that agree in all that is
/// grouped by; the outer part groups them. Words come from fixed lists, everything a caller wrote is bound.
/// </summary>
internal sealed class StatisticsSql
{
    private readonly List<Action<Statement>> _parameters = [];

    private StatisticsSql(Dialect dialect) => Dialect = dialect;

    public Dialect Dialect { get; }

    public string Text { get; private set; } = "";

    /// <summary>What to bind, in order.</summary>
    public IReadOnlyList<Action<Statement>> Parameters => _parameters;

    public static StatisticsSql Build(Dialect dialect, StatisticsFilter filter, Guid? flow)
    {
        var sql = new StatisticsSql(dialect);
        var inputs = MetricInput.Of(filter.Metrics);
        var source = new StatisticsSource(sql, filter, inputs, flow).Text();
        var keys = filter.GroupBy.Select((grouping, i) => $"{Key(dialect, grouping, i)} AS k{i}");
        var flowName = filter.GroupBy.Any(grouping => grouping.Dimension == StatisticsDimension.Flow)
            ? "(SELECT f.name FROM flow f WHERE f.flow_id = r.flow_id)"
            : "NULL";
        var metrics = filter.Metrics.Select(metric => MetricInput.Find(inputs, metric).Final(dialect, metric.Aggregation));
        var columns = string.Join(", ", [.. keys, flowName, "coalesce(sum(r.n), 0) AS n", .. metrics]);
        // Time first: rows come nearly in its order, which makes sorting them cheaper.
        var names = filter.GroupBy.Index().OrderBy(item => item.Item.Dimension != StatisticsDimension.Time).Select(item => $"k{item.Index}").ToList();
        sql.Text = $"""
            SELECT {columns}
            FROM ({source}) r
            {(names.Count == 0 ? "" : $"GROUP BY {string.Join(", ", names)} ORDER BY {Order(dialect, filter, names)}")}
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

    private static string Key(Dialect dialect, StatisticsGrouping grouping, int i) => grouping.Dimension switch
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
            TimeGranularity.Month => dialect == Dialect.Sqlite
                ? "unixepoch(r.bucket, 'unixepoch', 'start of month')"
                : "extract(epoch FROM date_trunc('month', to_timestamp(r.bucket) AT TIME ZONE 'UTC'))::bigint",
            _ => "r.bucket",
        },
    };

    private static string Order(Dialect dialect, StatisticsFilter filter, List<string> names)
    {
        var keys = names.SelectMany(name => SortKeys(dialect, filter, name));
        return filter.ByTime ? string.Join(", ", keys.Select(key => $"{key} DESC NULLS LAST")) : $"n DESC, {string.Join(", ", keys.Select(key => $"{key} NULLS FIRST"))}";
    }

    /// <summary>Metadata holds any scalar. SQLite puts numbers before texts, and true and false, which are kept as bytes, last; here that is spelt out.</summary>
    private static string[] SortKeys(Dialect dialect, StatisticsFilter filter, string name)
    {
        var i = int.Parse(name.AsSpan(1), CultureInfo.InvariantCulture);
        return dialect == Dialect.Sqlite || filter.GroupBy[i].Dimension != StatisticsDimension.Metadata
            ? [name]
            :
            [
                $"CASE jsonb_typeof(r.v{i}) WHEN 'number' THEN 1 WHEN 'string' THEN 2 WHEN 'boolean' THEN 3 END",
                $"CASE jsonb_typeof(r.v{i}) WHEN 'number' THEN (r.v{i} #>> '{{}}')::numeric END",
                $"(r.v{i} #>> '{{}}') COLLATE \"C\"",
            ];
    }
}
