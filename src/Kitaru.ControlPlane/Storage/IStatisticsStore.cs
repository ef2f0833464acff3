using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A checked query: stored statuses, none for all.</summary>
internal sealed record StatisticsFilter(
    IReadOnlyList<StatisticsGrouping> GroupBy, IReadOnlyList<StatisticsMetric> Metrics, IReadOnlyList<ExecutionStatus> Statuses,
    string? Flow, string? Stack, IReadOnlyList<string> Tags, JsonObject Metadata, DateTimeOffset? Since, DateTimeOffset? Until, int Limit)
{
    public bool ByTime => GroupBy.Any(grouping => grouping.Dimension == StatisticsDimension.Time);
}

/// <summary>One group: keys and metrics in the order of the filter, statuses as public words.</summary>
internal sealed record StatisticsRow(IReadOnlyList<JsonNode?> Keys, string? FlowName, long Executions, IReadOnlyList<double?> Metrics);

internal interface IStatisticsStore
{
    /// <summary>
    /// The groups that matter most first: newest by time and then by descending keys, or without a time grouping largest first and then
    /// by keys. Without any grouping exactly one.
    /// </summary>
    Task<IReadOnlyList<StatisticsRow>> GroupAsync(StatisticsFilter filter, CancellationToken cancellationToken);
}
