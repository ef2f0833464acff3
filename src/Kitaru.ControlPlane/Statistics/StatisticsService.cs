using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class StatisticsService(IStore store) : IStatistics
{
    public async Task<StatisticsResult> ComputeAsync(StatisticsQuery query, CancellationToken cancellationToken = default)
    {
        StatisticsRules.Check(query);
        // One more than asked for tells whether there are more.
        var filter = new StatisticsFilter(
            query.GroupBy, query.Metrics, query.Status is { } status ? [.. PublicStatus.Widen(status)] : [],
            query.Flow, query.Stack, [.. query.Tags.Distinct(StringComparer.Ordinal)], query.Metadata, query.Since, query.Until, query.MaxGroups + 1);
        var rows = await store.Statistics.GroupAsync(filter, cancellationToken).ConfigureAwait(false);
        var kept = rows.Take(query.MaxGroups).Select(row => Group(query, row)).ToList();
        // With a time grouping the newest were kept; they are shown oldest first.
        if (filter.ByTime)
            kept.Reverse();
        return new StatisticsResult(kept, rows.Count > kept.Count);
    }

    private static StatisticsGroup Group(StatisticsQuery query, StatisticsRow row)
    {
        var (keys, labels) = (new JsonObject(), new List<KeyValuePair<string, string>>());
        for (var i = 0; i < query.GroupBy.Count; i++)
        {
            var grouping = query.GroupBy[i];
            keys[grouping.Name] = row.Keys[i];
            var label = grouping.Dimension switch
            {
                StatisticsDimension.Flow => KeyValuePair.Create("flow_name", row.FlowName ?? ""),
                StatisticsDimension.Stack => KeyValuePair.Create("stack_name", row.Keys[i]!.GetValue<string>()),
                _ => default,
            };
            if (label.Key is not null && !labels.Contains(label))
                labels.Add(label);
        }
        var metrics = query.Metrics.Select((metric, i) => KeyValuePair.Create(metric.Name, Finite(row.Metrics[i]))).ToList();
        return new StatisticsGroup(keys, row.Executions, metrics, labels);
    }

    /// <summary>JSON has no word for what a sum of huge numbers becomes.</summary>
    private static double? Finite(double? number) => number is { } value && double.IsFinite(value) ? value : null;
}
