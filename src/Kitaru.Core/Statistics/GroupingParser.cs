using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Reads one element of <c>group_by</c> (runtime.md 7.2): a token or an object.</summary>
internal static class GroupingParser
{
    private const string TimePrefix = "time:";
    private const string MetadataPrefix = "metadata:";

    private static readonly string[] Members = ["dimension", "name", "time_granularity", "metadata_key"];
    private static readonly string[] Tokens = ["status", "flow", "stack", "tag", "time:hour", "time:day", "time:week", "time:month", "metadata:"];

    public static StatisticsGrouping Parse(JsonNode? node) => node switch
    {
        JsonObject members => OfObject(members),
        JsonValue when StatisticsParser.TextOrNull(node) is { } token => OfToken(token),
        _ => throw StatisticsFault.GroupBy($"A grouping is a text or an object; {StatisticsFault.Show(node)} is neither.", StatisticsFault.Show(node)),
    };

    private static StatisticsGrouping OfToken(string token)
    {
        if (string.IsNullOrWhiteSpace(token))
            throw StatisticsFault.GroupBy($"A grouping must not be blank. Groupings: {StatisticsWords.Groupings}.");
        if (token.StartsWith(TimePrefix, StringComparison.Ordinal))
            return StatisticsGrouping.ByTime(Granularity(token[TimePrefix.Length..]));
        if (token.StartsWith(MetadataPrefix, StringComparison.Ordinal))
            return StatisticsGrouping.ByMetadata(token[MetadataPrefix.Length..]);
        // time and metadata alone go on as dimensions that lack a part: the rules say which.
        return StatisticsWords.Dimension(token) is { } dimension
            ? new StatisticsGrouping(dimension)
            : throw Unknown("grouping", token, Tokens, StatisticsWords.Groupings);
    }

    private static StatisticsGrouping OfObject(JsonObject members)
    {
        foreach (var (member, _) in members)
        {
            if (!Members.Contains(member))
                throw Unknown("member of a grouping", member, Members, string.Join(", ", Members));
        }
        var word = StatisticsParser.Member(members, "dimension", StatisticsFault.GroupBy)
            ?? throw StatisticsFault.GroupBy($"A grouping needs the member dimension: one of {string.Join(", ", StatisticsWords.Dimensions)}.");
        var grouping = new StatisticsGrouping(
            StatisticsWords.Dimension(word) ?? throw Unknown("dimension", word, StatisticsWords.Dimensions, string.Join(", ", StatisticsWords.Dimensions)))
        {
            Granularity = StatisticsParser.Member(members, "time_granularity", StatisticsFault.GroupBy) is { } granularity ? Granularity(granularity) : null,
            MetadataKey = StatisticsParser.Member(members, "metadata_key", StatisticsFault.GroupBy),
        };
        return StatisticsParser.Member(members, "name", StatisticsFault.GroupBy) is { } name ? grouping with { Name = name } : grouping;
    }

    private static TimeGranularity Granularity(string word) => StatisticsWords.Granularity(word.Trim())
        ?? throw Unknown("time granularity", word, StatisticsWords.Granularities, string.Join(", ", StatisticsWords.Granularities));

    private static KitaruUsageException Unknown(string what, string got, IEnumerable<string> known, string list) => StatisticsFault.GroupBy(
        $"There is no {what} '{Texts.Short(got, 80)}'.{Texts.DidYouMean(got, known)} Expected: {list}.", Texts.Short(got, 80), Texts.Nearest(got, known));
}
