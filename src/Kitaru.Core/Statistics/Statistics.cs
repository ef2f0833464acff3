using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What executions are counted by.</summary>
public enum StatisticsDimension
{
    /// <summary>The public status word.</summary>
    Status,

    /// <summary>The flow's id; its name stands in the labels.</summary>
    Flow,

    /// <summary>The stack. A stack's name is its id.</summary>
    Stack,

    /// <summary>Each tag: an execution with two counts in both groups, one without any in none.</summary>
    Tag,

    /// <summary>When it was created.</summary>
    Time,

    /// <summary>A text, number or boolean of the execution's metadata; null when there is none.</summary>
    Metadata,
}

/// <summary>How wide a time bucket is; buckets start in UTC.</summary>
public enum TimeGranularity
{
    /// <summary>A full hour.</summary>
    Hour,

    /// <summary>A day.</summary>
    Day,

    /// <summary>An ISO week: it starts on Monday.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,
}

/// <summary>What a metric is computed from.</summary>
public enum MetricSource
{
    /// <summary>Seconds from the first start to the end; executions that have not ended do not count.</summary>
    Duration,

    /// <summary>How many checkpoint calls.</summary>
    StepCount,

    /// <summary>How many of them were taken over from another execution.</summary>
    CachedStepCount,

    /// <summary>How many artifacts: what calls returned and what was saved by name.</summary>
    OutputArtifactCount,

    /// <summary>A number in the execution's metadata; anything else there does not count.</summary>
    Metadata,
}

/// <summary>How a metric's values become one.</summary>
public enum MetricAggregation
{
    /// <summary>The mean.</summary>
    Avg,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>The least.</summary>
    Min,

    /// <summary>The greatest.</summary>
    Max,

    /// <summary>The median: the least value that half of the values do not exceed.</summary>
    P50,

    /// <summary>The least value that 95 % of the values do not exceed.</summary>
    P95,
}

/// <summary>One thing to group by.</summary>
/// <param name="Dimension">What.</param>
public sealed record StatisticsGrouping(StatisticsDimension Dimension)
{
    /// <summary>How wide a time bucket is; only and always with <see cref="StatisticsDimension.Time"/>.</summary>
    public TimeGranularity? Granularity { get; init; }

    /// <summary>A top-level key of the metadata; only and always with <see cref="StatisticsDimension.Metadata"/>.</summary>
    public string? MetadataKey { get; init; }

    /// <summary>Its key in the result.</summary>
    /// <value><c>status</c>, <c>flow_id</c>, <c>stack_id</c>, <c>tag</c>, the granularity's word, or the metadata key.</value>
    public string Name { get => field ?? StatisticsWords.NameOf(this); init; }

    /// <summary>By the time of creation.</summary>
    public static StatisticsGrouping ByTime(TimeGranularity granularity) => new(StatisticsDimension.Time) { Granularity = granularity };

    /// <summary>By a value of the metadata.</summary>
    public static StatisticsGrouping ByMetadata(string key) => new(StatisticsDimension.Metadata) { MetadataKey = key };
}

/// <summary>One number to compute per group.</summary>
/// <param name="Name">Its key in the result.</param>
/// <param name="Source">What it is computed from.</param>
/// <param name="Aggregation">How.</param>
/// <param name="MetadataKey">A top-level key of the metadata; only and always with <see cref="MetricSource.Metadata"/>.</param>
public sealed record StatisticsMetric(string Name, MetricSource Source, MetricAggregation Aggregation, string? MetadataKey = null);

/// <summary>Which executions to count, by what, and what to compute of each group. All filters must hold.</summary>
public sealed record StatisticsQuery
{
    /// <summary>What to group by; nothing for one group of all.</summary>
    public IReadOnlyList<StatisticsGrouping> GroupBy { get; init; } = [];

    /// <summary>What to compute.</summary>
    public IReadOnlyList<StatisticsMetric> Metrics { get; init; } = [];

    /// <summary>The flow's exact name, or its id.</summary>
    public string? Flow { get; init; }

    /// <summary>A public status: queued, running and sleeping are one.</summary>
    public ExecutionStatus? Status { get; init; }

    /// <summary>The stack's exact name.</summary>
    public string? Stack { get; init; }

    /// <summary>All of these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Top-level metadata that must equal these texts, numbers and booleans; null for no such value.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many groups at most, 1 to 10000: the largest, or with a time grouping the newest.</summary>
    public int MaxGroups { get; init; } = StatisticsRules.GroupsPreset;
}

/// <summary>One group.</summary>
/// <param name="Keys">One scalar per grouping, in its order, under its name. Times are ISO-8601 starts of buckets.</param>
/// <param name="ExecutionCount">How many executions.</param>
/// <param name="Metrics">One number per metric, in its order; null when no execution of the group has one.</param>
/// <param name="Labels"><c>flow_name</c> and <c>stack_name</c> where the keys hold their ids.</param>
public sealed record StatisticsGroup(
    JsonObject Keys, long ExecutionCount, IReadOnlyList<KeyValuePair<string, double?>> Metrics, IReadOnlyList<KeyValuePair<string, string>> Labels);

/// <summary>The groups: oldest first with a time grouping, else largest first; then by their keys.</summary>
/// <param name="Groups">The groups.</param>
/// <param name="IsTruncated">Whether there were more.</param>
public sealed record StatisticsResult(IReadOnlyList<StatisticsGroup> Groups, bool IsTruncated);

/// <summary>Counts and numbers over executions.</summary>
public interface IStatistics
{
    /// <summary>Groups executions and computes metrics, in the database.</summary>
    /// <exception cref="KitaruUsageException">The query breaks one of the <see cref="StatisticsRules"/>.</exception>
    Task<StatisticsResult> ComputeAsync(StatisticsQuery query, CancellationToken cancellationToken = default);
}
