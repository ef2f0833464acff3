using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.StoreTests.Statistics;

/// <summary>Statistics over executions that were read one by one: slow, and plain enough to be believed.</summary>
internal static class StatisticsReference
{
    /// <summary>An execution, and how many of its calls were taken over from another one.</summary>
    public sealed record Seen(ExecutionRecord Execution, int Reused);

    public static StatisticsResult Compute(IEnumerable<Seen> all, StatisticsQuery query)
    {
        var groups = all.Where(seen => Matches(seen.Execution, query))
            .SelectMany(seen => KeySets(seen.Execution, query).Select(keys => (Keys: keys, Seen: seen)))
            .GroupBy(pair => pair.Keys.ToJsonString())
            .Select(group => Group(group.First().Keys, [.. group.Select(pair => pair.Seen)], query))
            .ToList();
        if (query.GroupBy.Count == 0 && groups.Count == 0)
            groups.Add(Group([], [], query));
        groups.Sort((left, right) => Compare(left, right, query));
        var excess = Math.Max(0, groups.Count - query.MaxGroups);
        var byTime = query.GroupBy.Any(grouping => grouping.Dimension == StatisticsDimension.Time);
        return new StatisticsResult([.. byTime ? groups.Skip(excess) : groups.SkipLast(excess)], excess > 0);
    }

    private static bool Matches(ExecutionRecord execution, StatisticsQuery query) =>
        (query.Flow is null || execution.FlowName == query.Flow || execution.FlowId.ToString() == query.Flow)
        && (query.Status is null || StatusWords.Of(execution.Status) == StatusWords.Of(query.Status.Value))
        && (query.Stack is null || execution.StackName == query.Stack)
        && query.Tags.All(tag => execution.Tags.Contains(tag))
        && query.Metadata.All(pair => Compare(Scalar(execution.Metadata[pair.Key]), pair.Value) == 0)
        && (query.Since is null || execution.CreatedAt >= query.Since)
        && (query.Until is null || execution.CreatedAt < query.Until);

    /// <summary>One for each of its tags when grouped by tag.</summary>
    private static IEnumerable<JsonObject> KeySets(ExecutionRecord execution, StatisticsQuery query)
    {
        var tags = query.GroupBy.Any(grouping => grouping.Dimension == StatisticsDimension.Tag) ? execution.Tags.Distinct() : [""];
        foreach (var tag in tags)
        {
            yield return new JsonObject(query.GroupBy.Select(grouping => KeyValuePair.Create(grouping.Name, grouping.Dimension switch
            {
                StatisticsDimension.Status => StatusWords.Of(execution.Status),
                StatisticsDimension.Flow => execution.FlowId.ToString(),
                StatisticsDimension.Stack => execution.StackName,
                StatisticsDimension.Tag => tag,
                StatisticsDimension.Time => WireTime.Text(BucketStart(execution.CreatedAt, grouping.Granularity!.Value)),
                _ => Scalar(execution.Metadata[grouping.MetadataKey!]),
            })));
        }
    }

    private static DateTimeOffset BucketStart(DateTimeOffset time, TimeGranularity granularity)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return granularity switch
        {
            TimeGranularity.Hour => day.AddHours(time.UtcDateTime.Hour),
            TimeGranularity.Day => day,
            TimeGranularity.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            _ => day.AddDays(1 - day.Day),
        };
    }

    private static StatisticsGroup Group(JsonObject keys, IReadOnlyList<Seen> members, StatisticsQuery query) => new(
        keys, members.Count,
        [.. query.Metrics.Select(metric => KeyValuePair.Create(metric.Name, Aggregate([.. members.Select(seen => Number(seen, metric)).OfType<double>()], metric.Aggregation)))],
        []);

    private static double? Number(Seen seen, StatisticsMetric metric) => metric.Source switch
    {
        MetricSource.Duration => (seen.Execution.EndedAt - seen.Execution.StartedAt)?.TotalSeconds,
        MetricSource.StepCount => seen.Execution.CheckpointCount,
        MetricSource.CachedStepCount => seen.Reused,
        MetricSource.OutputArtifactCount => seen.Execution.ArtifactCount,
        _ => seen.Execution.Metadata[metric.MetadataKey!] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : null,
    };

    private static double? Aggregate(List<double> numbers, MetricAggregation aggregation)
    {
        if (numbers.Count == 0)
            return null;
        numbers.Sort();
        return aggregation switch
        {
            MetricAggregation.Avg => numbers.Average(),
            MetricAggregation.Sum => numbers.Sum(),
            MetricAggregation.Min => numbers[0],
            MetricAggregation.Max => numbers[^1],
            MetricAggregation.P50 => numbers[(int)Math.Ceiling(numbers.Count * 0.5) - 1],
            _ => numbers[(int)Math.Ceiling(numbers.Count * 0.95) - 1],
        };
    }

    private static JsonNode? Scalar(JsonNode? node) =>
        node is not JsonValue || node.GetValueKind() == JsonValueKind.Null ? null
        : node.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>()
        : node.DeepClone();

    private static int Compare(StatisticsGroup left, StatisticsGroup right, StatisticsQuery query)
    {
        var byTime = query.GroupBy.FirstOrDefault(grouping => grouping.Dimension == StatisticsDimension.Time);
        var order = byTime is null ? right.ExecutionCount.CompareTo(left.ExecutionCount) : Compare(left.Keys[byTime.Name], right.Keys[byTime.Name]);
        foreach (var grouping in query.GroupBy)
            order = order != 0 ? order : Compare(left.Keys[grouping.Name], right.Keys[grouping.Name]);
        return order;
    }

    /// <summary>Nothing, then numbers, then texts, then false and true.</summary>
    private static int Compare(JsonNode? left, JsonNode? right)
    {
        var (leftKind, rightKind) = (Kind(left), Kind(right));
        return leftKind != rightKind ? leftKind - rightKind
            : leftKind == 1 ? left!.GetValue<double>().CompareTo(right!.GetValue<double>())
            : string.CompareOrdinal(left?.ToString(), right?.ToString());
    }

    private static int Kind(JsonNode? node) => node?.GetValueKind() switch
    {
        null => 0,
        JsonValueKind.Number => 1,
        JsonValueKind.String => 2,
        _ => 3,
    };
}
