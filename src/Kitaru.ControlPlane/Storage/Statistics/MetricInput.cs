using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// What one or more metrics are computed from. It travels as parts that can be added up: sum, count, least, greatest and, for
/// percentiles, all values; those that no metric needs are left out.
/// </summary>
internal sealed record MetricInput(int Index, MetricSource Source, string? MetadataKey, IReadOnlySet<MetricAggregation> Uses)
{
    private bool Sums => Uses.Contains(MetricAggregation.Sum) || Averages;

    private bool Averages => Uses.Contains(MetricAggregation.Avg);

    private bool Ranks => Uses.Contains(MetricAggregation.P50) || Uses.Contains(MetricAggregation.P95);

    public static IReadOnlyList<MetricInput> Of(IReadOnlyList<StatisticsMetric> metrics) =>
        [.. metrics.GroupBy(metric => (metric.Source, metric.MetadataKey))
            .Select((group, i) => new MetricInput(i, group.Key.Source, group.Key.MetadataKey, group.Select(metric => metric.Aggregation).ToHashSet()))];

    public static MetricInput Find(IReadOnlyList<MetricInput> inputs, StatisticsMetric metric) =>
        inputs.First(input => input.Source == metric.Source && input.MetadataKey == metric.MetadataKey);

    /// <summary>Whether values can travel as a sum of many: ranks need each of them, and only SQLite has a function that gathers them.</summary>
    public bool CanGather(Dialect dialect) => dialect == Dialect.Sqlite || !Ranks;

    /// <summary>The parts of one execution's value.</summary>
    public IEnumerable<string> PartsOfOne(string value) => Parts(
        $"{value} AS s{Index}", $"CASE WHEN ({value}) IS NOT NULL THEN 1 ELSE 0 END AS c{Index}", $"{value} AS l{Index}", $"{value} AS h{Index}", $"{value} AS a{Index}");

    /// <summary>The parts of many executions' values.</summary>
    public IEnumerable<string> PartsOfMany(string value) => Parts(
        $"sum({value}) AS s{Index}", $"count({value}) AS c{Index}", $"min({value}) AS l{Index}", $"max({value}) AS h{Index}",
        $"{NearestRank.ValuesName}({value}) AS a{Index}");

    /// <summary>The metric of a group, from the parts of its rows.</summary>
    public string Final(Dialect dialect, MetricAggregation aggregation)
    {
        var value = aggregation switch
        {
            MetricAggregation.Avg => $"sum(r.s{Index}) * 1.0 / nullif(sum(r.c{Index}), 0)",
            MetricAggregation.Sum => $"sum(r.s{Index})",
            MetricAggregation.Min => $"min(r.l{Index})",
            MetricAggregation.Max => $"max(r.h{Index})",
            _ => Rank(dialect, aggregation == MetricAggregation.P50 ? 50 : 95),
        };
        // Times are kept in microseconds, durations are answered in seconds.
        value = Source == MetricSource.Duration ? $"{value} / 1e6" : value;
        // As text: a number of any size is read as the nearest there is.
        return dialect == Dialect.Sqlite ? value : $"({value})::text";
    }

    private string Rank(Dialect dialect, int percent) => dialect == Dialect.Sqlite
        ? $"{NearestRank.Name}(r.a{Index}, {percent})"
        : $"percentile_disc(0.{percent}) WITHIN GROUP (ORDER BY r.a{Index})";

    private IEnumerable<string> Parts(string sum, string count, string least, string greatest, string all)
    {
        if (Sums)
            yield return sum;
        if (Averages)
            yield return count;
        if (Uses.Contains(MetricAggregation.Min))
            yield return least;
        if (Uses.Contains(MetricAggregation.Max))
            yield return greatest;
        if (Ranks)
            yield return all;
    }
}
