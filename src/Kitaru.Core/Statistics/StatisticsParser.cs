using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Wire;

namespace Kitaru.Core;

/// <summary>Reads a query from the JSON of the contract (runtime.md 7.1), the same for every surface.</summary>
public static class StatisticsParser
{
    private static readonly string[] Arguments =
        ["group_by", "metrics", "flow", "status", "stack", "tags", "max_groups", "since", "until", "metadata"];

    /// <summary>Reads <c>group_by, metrics, flow, status, stack, tags, max_groups, since, until, metadata</c>; all optional, null counts as not given.</summary>
    /// <exception cref="KitaruUsageException">An argument is unknown or wrong.</exception>
    public static StatisticsQuery Parse(JsonObject arguments)
    {
        foreach (var (argument, value) in arguments)
        {
            if (!Arguments.Contains(argument))
            {
                throw StatisticsFault.Of(
                    argument, $"There is no argument '{Texts.Short(argument, 80)}'.{Texts.DidYouMean(argument, Arguments)} Arguments: {string.Join(", ", Arguments)}.",
                    string.Join(", ", Arguments), "…", StatisticsFault.Show(value), Texts.Nearest(argument, Arguments));
            }
        }
        var query = new StatisticsQuery
        {
            GroupBy = Items(arguments, "group_by", StatisticsFault.GroupByExample, GroupingParser.Parse),
            Metrics = Items(arguments, "metrics", StatisticsFault.MetricsExample, MetricParser.Parse),
            Flow = Text(arguments, "flow", "research_agent")?.Trim(),
            Status = Text(arguments, "status", "failed") is { } word ? Status(word) : null,
            Stack = Text(arguments, "stack", "default")?.Trim(),
            Tags = Items(arguments, "tags", """["nightly"]""", Tag),
            Metadata = Metadata(arguments["metadata"]),
            Since = Time(arguments, "since"),
            Until = Time(arguments, "until"),
            MaxGroups = arguments["max_groups"] is { } groups ? MaxGroups(groups) : StatisticsRules.GroupsPreset,
        };
        StatisticsRules.Check(query);
        return query;
    }

    internal static string? TextOrNull(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>A text member of an object; null when it is not there.</summary>
    internal static string? Member(JsonObject members, string name, Func<string, string?, string?, KitaruUsageException> fault) =>
        members[name] is { } value
            ? TextOrNull(value) ?? throw fault($"{name} must be a text; it is {StatisticsFault.Show(value)}.", StatisticsFault.Show(value), null)
            : null;

    private static List<T> Items<T>(JsonObject arguments, string name, string example, Func<JsonNode?, T> parse) => arguments[name] switch
    {
        null => [],
        JsonArray items => [.. items.Select(parse)],
        var other => throw StatisticsFault.Of(
            name, $"Argument '{name}': expected a list, got {StatisticsFault.Show(other)}.", "a list", example, StatisticsFault.Show(other)),
    };

    private static string Tag(JsonNode? node) => TextOrNull(node)
        ?? throw StatisticsFault.Of("tags", $"A tag is a text; {StatisticsFault.Show(node)} is not.", "a list of texts", """["nightly"]""", StatisticsFault.Show(node));

    private static string? Text(JsonObject arguments, string name, string example) => arguments[name] is { } node
        ? TextOrNull(node) ?? throw StatisticsFault.Of(
            name, $"Argument '{name}': expected a text, got {StatisticsFault.Show(node)}.", "a text", example, StatisticsFault.Show(node))
        : null;

    private static ExecutionStatus Status(string text)
    {
        var word = text.Trim().ToLowerInvariant();
        // The last one behind "running" is sleeping; any of the three stands for all.
        return StatusWords.Behind(word) is [.., var status]
            ? status
            : throw StatisticsFault.Of(
                "status", $"There is no status '{Texts.Short(text, 80)}'.{Texts.DidYouMean(word, StatusWords.All)} Statuses: {string.Join(", ", StatusWords.All)}.",
                string.Join(", ", StatusWords.All), "failed", Texts.Short(text, 80), Texts.Nearest(word, StatusWords.All));
    }

    private static JsonObject Metadata(JsonNode? node) => node switch
    {
        null => [],
        JsonObject members => (JsonObject)members.DeepClone(),
        _ => throw StatisticsFault.Of(
            "metadata", $"Argument 'metadata': expected an object, got {StatisticsFault.Show(node)}.", "an object", """{"customer_tier":"gold"}""", StatisticsFault.Show(node)),
    };

    private static DateTimeOffset? Time(JsonObject arguments, string name)
    {
        if (Text(arguments, name, "2026-06-16T08:30:00Z") is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw StatisticsFault.Of(name, $"Argument '{name}': expected a time in ISO-8601, got '{Texts.Short(text, 80)}'.", "a time in ISO-8601", "2026-06-16T08:30:00Z", Texts.Short(text, 80));
    }

    /// <summary>Whole numbers may arrive as <c>20.0</c>; booleans and texts are refused.</summary>
    private static int MaxGroups(JsonNode node) =>
        node is JsonValue && node.GetValueKind() == JsonValueKind.Number
        && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number is >= int.MinValue and <= int.MaxValue && Math.Floor(number) == number
            ? (int)number
            : throw StatisticsFault.Of(
                "max_groups", $"max_groups must be an integer between 1 and {StatisticsRules.GroupsMax}; it is {StatisticsFault.Show(node)}.",
                $"an integer from 1 to {StatisticsRules.GroupsMax}", "100", StatisticsFault.Show(node));
}
