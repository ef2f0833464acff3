namespace Kitaru.Core;

/// <summary>The words of the grammar (runtime.md 7.2, 7.3), each in one place.</summary>
public static class StatisticsWords
{
    /// <summary>Dimensions as the object form names them; time and metadata need a part of their own.</summary>
    public static IReadOnlyList<string> Dimensions { get; } = ["status", "flow", "stack", "tag", "time", "metadata"];

    /// <summary>Widths of time buckets.</summary>
    public static IReadOnlyList<string> Granularities { get; } = ["hour", "day", "week", "month"];

    /// <summary>What a metric is computed from.</summary>
    public static IReadOnlyList<string> Sources { get; } = ["duration", "step_count", "cached_step_count", "output_artifact_count", "metadata"];

    /// <summary>How.</summary>
    public static IReadOnlyList<string> Aggregations { get; } = ["avg", "sum", "min", "max", "p50", "p95"];

    /// <summary>Metrics that are a word: the sum over this key of the metadata.</summary>
    public static IReadOnlyDictionary<string, string> Shortcuts { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["llm_display_cost"] = "kitaru_llm_display_cost_usd_v1",
        ["llm_estimated_cost"] = "kitaru_llm_estimated_cost_usd_v1",
        ["llm_total_tokens"] = "kitaru_llm_total_tokens_v1",
        ["llm_incurred_tokens"] = "kitaru_llm_incurred_total_tokens_v1",
    };

    /// <summary>Groupings as a caller may write them.</summary>
    public const string Groupings = "status, flow, stack, tag, time:hour, time:day, time:week, time:month or metadata:<key>";

    internal static StatisticsDimension? Dimension(string word) => Find<StatisticsDimension>(Dimensions, word);

    internal static TimeGranularity? Granularity(string word) => Find<TimeGranularity>(Granularities, word.ToLowerInvariant());

    internal static MetricSource? Source(string word) => Find<MetricSource>(Sources, word);

    internal static MetricAggregation? Aggregation(string word) => Find<MetricAggregation>(Aggregations, word.ToLowerInvariant());

    internal static string NameOf(StatisticsGrouping grouping) => grouping.Dimension switch
    {
        StatisticsDimension.Status => "status",
        StatisticsDimension.Flow => "flow_id",
        StatisticsDimension.Stack => "stack_id",
        StatisticsDimension.Tag => "tag",
        StatisticsDimension.Time => grouping.Granularity is { } granularity ? Granularities[(int)granularity] : "",
        _ => grouping.MetadataKey ?? "",
    };

    /// <summary>The words stand in the order of the enumeration.</summary>
    private static T? Find<T>(IReadOnlyList<string> words, string word) where T : struct, Enum
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == word)
                return Enum.GetValues<T>()[i];
        }
        return null;
    }
}
