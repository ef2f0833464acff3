using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What every query must hold to, however it was made.</summary>
public static class StatisticsRules
{
    /// <summary>How many groups come back unless the caller says so.</summary>
    public const int GroupsPreset = 1000;

    /// <summary>How many groups may come back.</summary>
    public const int GroupsMax = 10_000;

    /// <summary>How many things to group by.</summary>
    public const int GroupingsMax = 8;

    /// <summary>How many metrics.</summary>
    public const int MetricsMax = 32;

    /// <summary>How many tags, and how many values of the metadata, to filter by.</summary>
    public const int FiltersMax = 20;

    /// <summary>How many characters a name, a key or a tag may have.</summary>
    public const int TextCharsMax = 512;

    /// <summary>Throws on the first rule that is broken.</summary>
    public static void Check(StatisticsQuery query)
    {
        CheckGroupings(query.GroupBy);
        CheckMetrics(query.Metrics);
        CheckFilters(query);
        if (query.MaxGroups is < 1 or > GroupsMax)
            throw StatisticsFault.Of("max_groups", $"max_groups must be between 1 and {GroupsMax}; it is {query.MaxGroups}.", $"an integer from 1 to {GroupsMax}", "100", query.MaxGroups.ToString());
    }

    private static void CheckGroupings(IReadOnlyList<StatisticsGrouping> groupings)
    {
        if (groupings.Count > GroupingsMax)
            throw StatisticsFault.GroupBy($"group_by may name at most {GroupingsMax} groupings; it names {groupings.Count}.");
        foreach (var grouping in groupings)
            CheckGrouping(grouping);
        if (groupings.Count(grouping => grouping.Dimension == StatisticsDimension.Time) > 1)
            throw StatisticsFault.GroupBy("group_by may name one time grouping only.");
        if (Repeated(groupings.Select(grouping => grouping.Name)) is { } name)
            throw StatisticsFault.GroupBy($"Two groupings have the name '{Texts.Short(name)}'; each name may be used once. The object form gives one of them another: {{\"dimension\": …, \"name\": …}}.");
    }

    private static void CheckGrouping(StatisticsGrouping grouping)
    {
        if (grouping.Dimension == StatisticsDimension.Time && grouping.Granularity is null)
            throw StatisticsFault.GroupBy($"A time grouping needs a granularity: {string.Join(", ", StatisticsWords.Granularities)}.");
        if (grouping.Dimension != StatisticsDimension.Time && grouping.Granularity is not null)
            throw StatisticsFault.GroupBy($"time_granularity belongs to the dimension time only, not to {StatisticsWords.Dimensions[(int)grouping.Dimension]}.");
        if (grouping.Dimension == StatisticsDimension.Metadata && grouping.MetadataKey is null)
            throw StatisticsFault.GroupBy("A metadata grouping needs a key: metadata:<key>.");
        if (grouping.Dimension != StatisticsDimension.Metadata && grouping.MetadataKey is not null)
            throw StatisticsFault.GroupBy($"metadata_key belongs to the dimension metadata only, not to {StatisticsWords.Dimensions[(int)grouping.Dimension]}.");
        if (grouping.MetadataKey is { } key && !IsFit(key))
            throw StatisticsFault.GroupBy($"'{Texts.Short(key)}' is no metadata key: expected 1 to {TextCharsMax} characters that are not all blank.");
        if (!IsFit(grouping.Name))
            throw StatisticsFault.GroupBy($"'{Texts.Short(grouping.Name)}' is no name of a grouping: expected 1 to {TextCharsMax} characters that are not all blank.");
    }

    private static void CheckMetrics(IReadOnlyList<StatisticsMetric> metrics)
    {
        if (metrics.Count > MetricsMax)
            throw StatisticsFault.Metrics($"metrics may name at most {MetricsMax} metrics; it names {metrics.Count}.");
        foreach (var metric in metrics)
        {
            if (!IsFit(metric.Name))
                throw StatisticsFault.Metrics($"'{Texts.Short(metric.Name)}' is no name of a metric: expected 1 to {TextCharsMax} characters that are not all blank.");
            if (metric.Source == MetricSource.Metadata && metric.MetadataKey is null)
                throw StatisticsFault.Metrics($"The metric '{Texts.Short(metric.Name)}' over metadata needs a key: <name>:metadata:<key>:<aggregation>.");
            if (metric.Source != MetricSource.Metadata && metric.MetadataKey is not null)
                throw StatisticsFault.Metrics($"metadata_key belongs to the source metadata only; the metric '{Texts.Short(metric.Name)}' has the source {StatisticsWords.Sources[(int)metric.Source]}.");
            if (metric.MetadataKey is { } key && !IsFit(key))
                throw StatisticsFault.Metrics($"'{Texts.Short(key)}' is no metadata key: expected 1 to {TextCharsMax} characters that are not all blank.");
        }
        if (Repeated(metrics.Select(metric => metric.Name)) is { } name)
            throw StatisticsFault.Metrics($"Two metrics have the name '{Texts.Short(name)}'; each name may be used once.");
    }

    private static void CheckFilters(StatisticsQuery query)
    {
        if (query.Tags.Count > FiltersMax || query.Tags.Any(tag => !IsFit(tag)))
            throw StatisticsFault.Of("tags", $"tags must be a list of at most {FiltersMax} tags, none of them blank.", $"a list of up to {FiltersMax} tags", """["nightly"]""");
        if (query.Metadata.Count > FiltersMax)
            throw BadMetadata($"metadata may name at most {FiltersMax} keys; it names {query.Metadata.Count}.");
        foreach (var (key, value) in query.Metadata)
        {
            if (!IsFit(key))
                throw BadMetadata($"'{Texts.Short(key)}' is no metadata key: expected 1 to {TextCharsMax} characters that are not all blank.");
            if (!IsScalar(value))
                throw BadMetadata($"metadata.{Texts.Short(key)} must be a text, a number, a boolean or null; it is {StatisticsFault.Show(value)}.");
        }
        if (query.Flow is { } flow && string.IsNullOrWhiteSpace(flow))
            throw StatisticsFault.Of("flow", "flow must not be blank.", "a flow's name or id", "research_agent");
        if (query.Stack is { } stack && string.IsNullOrWhiteSpace(stack))
            throw StatisticsFault.Of("stack", "stack must not be blank.", "a stack's name", "default");
    }

    private static bool IsScalar(JsonNode? value) =>
        value is null || value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null;

    private static bool IsFit(string text) => !string.IsNullOrWhiteSpace(text) && text.Length <= TextCharsMax;

    private static string? Repeated(IEnumerable<string> names) => names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;

    private static KitaruUsageException BadMetadata(string sentence) =>
        StatisticsFault.Of("metadata", sentence, "an object of metadata keys and the values they must have", """{"customer_tier":"gold"}""");
}
