using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Reads one element of <c>metrics</c> (runtime.md 7.3): a text, a shortcut or an object.</summary>
internal static class MetricParser
{
    private const string MetadataWord = "metadata";

    private static readonly string[] Members = ["name", "source", "aggregation", "metadata_key"];

    public static StatisticsMetric Parse(JsonNode? node) => node switch
    {
        JsonObject members => OfObject(members),
        JsonValue when StatisticsParser.TextOrNull(node) is { } text => OfText(text),
        _ => throw StatisticsFault.Metrics($"A metric is a text or an object; {StatisticsFault.Show(node)} is neither.", StatisticsFault.Show(node)),
    };

    private static StatisticsMetric OfText(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        if (parts is [var word])
        {
            if (StatisticsWords.Shortcuts.TryGetValue(word, out var key))
                return new StatisticsMetric(word, MetricSource.Metadata, MetricAggregation.Sum, key);
            throw word.Length == 0
                ? StatisticsFault.Metrics("A metric must not be blank.")
                : Unknown("metric", word, StatisticsWords.Shortcuts.Keys, $"<name>:<source>:<aggregation>, or one of {string.Join(", ", StatisticsWords.Shortcuts.Keys)}");
        }
        return parts switch
        {
            [_, MetadataWord, _] => throw StatisticsFault.Metrics(
                $"The metric '{Texts.Short(text)}' over metadata needs a key: <name>:metadata:<key>:<aggregation>.", Texts.Short(text)),
            [var name, var source, var aggregation] => new StatisticsMetric(name, Source(source), Aggregation(aggregation)),
            [var name, MetadataWord, var key, var aggregation] => new StatisticsMetric(name, MetricSource.Metadata, Aggregation(aggregation), key),
            [_, MetadataWord, _, _, _, ..] => throw StatisticsFault.Metrics(
                $"The metric '{Texts.Short(text)}' has too many colons. A metadata key with a colon needs the object form: "
                + """{"name": …, "source": "metadata", "aggregation": …, "metadata_key": …}.""", Texts.Short(text)),
            _ => throw StatisticsFault.Metrics(
                $"'{Texts.Short(text)}' is no metric: expected <name>:<source>:<aggregation> or <name>:metadata:<key>:<aggregation>.", Texts.Short(text)),
        };
    }

    private static StatisticsMetric OfObject(JsonObject members)
    {
        foreach (var (member, _) in members)
        {
            if (!Members.Contains(member))
                throw Unknown("member of a metric", member, Members, string.Join(", ", Members));
        }
        return new StatisticsMetric(
            Required(members, "name"), Source(Required(members, "source")), Aggregation(Required(members, "aggregation")),
            StatisticsParser.Member(members, "metadata_key", StatisticsFault.Metrics));
    }

    private static string Required(JsonObject members, string name) => StatisticsParser.Member(members, name, StatisticsFault.Metrics)
        ?? throw StatisticsFault.Metrics($"A metric needs the member {name}.");

    private static MetricSource Source(string word) => StatisticsWords.Source(word)
        ?? throw Unknown("source", word, StatisticsWords.Sources, string.Join(", ", StatisticsWords.Sources));

    private static MetricAggregation Aggregation(string word) => StatisticsWords.Aggregation(word)
        ?? throw Unknown("aggregation", word, StatisticsWords.Aggregations, string.Join(", ", StatisticsWords.Aggregations));

    private static KitaruUsageException Unknown(string what, string got, IEnumerable<string> known, string list) => StatisticsFault.Metrics(
        $"There is no {what} '{Texts.Short(got, 80)}'.{Texts.DidYouMean(got, known)} Expected: {list}.", Texts.Short(got, 80), Texts.Nearest(got, known));
}
