using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core;

/// <summary>Usage errors of statistics: which argument, what rule, what was seen, what to write instead.</summary>
internal static class StatisticsFault
{
    public const string GroupByExample = """["status","time:day"]""";

    public const string MetricsExample = """["duration_avg:duration:avg"]""";

    public static KitaruUsageException Of(string argument, string sentence, string expected, string example, string? got = null, string? nearest = null)
    {
        var details = new JsonObject { ["argument"] = argument, ["expected"] = expected, ["example"] = example };
        if (got is not null)
            details["got"] = got;
        if (nearest is not null)
            details["nearest"] = nearest;
        return new KitaruUsageException(sentence, $"Call again with {argument}={example}.") { Details = details };
    }

    public static KitaruUsageException GroupBy(string sentence, string? got = null, string? nearest = null) => Of(
        "group_by", sentence, StatisticsWords.Groupings + ", or {dimension, name, time_granularity, metadata_key}", GroupByExample, got, nearest);

    public static KitaruUsageException Metrics(string sentence, string? got = null, string? nearest = null) => Of(
        "metrics", sentence, "<name>:<source>:<aggregation>, <name>:metadata:<key>:<aggregation>, or {name, source, aggregation, metadata_key}",
        MetricsExample, got, nearest);

    public static string Show(JsonNode? value) => Texts.Short(KitaruJson.Write(value), 80);
}
