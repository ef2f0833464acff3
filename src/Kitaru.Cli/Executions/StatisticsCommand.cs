using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions statistics.</summary>
internal static class StatisticsCommand
{
    public static LeafCommand Create()
    {
        var groupBy = CommonOptions.Texts("--group-by", "GROUPING", $"What to group by: {StatisticsWords.Groupings}; at most one time.");
        var metrics = CommonOptions.Texts("--metric", "METRIC", "<name>:<source>:<aggregation>, such as seconds:duration:avg; or <name>:metadata:<key>:<aggregation>.");
        var (flow, status, stack, tags) = (ExecutionOptions.Flow(), ExecutionOptions.Status(), ExecutionOptions.Stack(), ExecutionOptions.Tags());
        var maxGroups = CommonOptions.Number("--max-groups", "How many groups at most.", 1, StatisticsRules.GroupsMax, StatisticsRules.GroupsPreset);
        var paging = new Paging(isAsked: true);
        return new LeafCommand("executions.statistics", "Counts executions in groups and computes numbers of each group.", "kitaru executions statistics --group-by status --metric seconds:duration:avg", async (call, cancellationToken) =>
        {
            var query = StatisticsParser.Parse(new JsonObject
            {
                ["group_by"] = Texts(call.Get(groupBy)),
                ["metrics"] = Texts(call.Get(metrics)),
                ["flow"] = call.Get(flow),
                ["status"] = call.Get(status),
                ["tags"] = Texts(call.Get(tags)),
                ["max_groups"] = call.Get(maxGroups),
            }) with
            { Stack = await ExecutionOptions.StackOfAsync(call, stack, cancellationToken) };
            var result = await call.Client.Executions.StatisticsAsync(query, cancellationToken);
            var page = paging.IsOn(call) ? result with { Groups = paging.Take(call, result.Groups) } : result;
            var json = StatisticsJson.Of(page);
            json["group_count"] = result.Groups.Count;
            return Answer.Item(json, Table(query, page, paging.IsOn(call) ? paging.Note(call, page.Groups.Count, result.Groups.Count) : null));
        })
        {
            groupBy,
            metrics,
            flow,
            status,
            stack,
            tags,
            maxGroups,
            paging.Page,
            paging.Size,
        };
    }

    private static JsonArray Texts(string[]? texts) => new([.. (texts ?? []).Select(text => (JsonNode)text)]);

    private static Table Table(StatisticsQuery query, StatisticsResult result, string? pageNote)
    {
        var keys = query.GroupBy.Select(grouping => grouping.Name).ToList();
        return new Table(
            "Kitaru statistics", [.. keys, "Executions", .. query.Metrics.Select(metric => metric.Name)],
            [.. result.Groups.Select(group => (Cell[])[
                .. keys.Select(key => Key(group, key)), group.ExecutionCount.ToString(CultureInfo.InvariantCulture),
                .. group.Metrics.Select(metric => (Cell)(metric.Value?.ToString("0.###", CultureInfo.InvariantCulture) ?? ""))])])
        {
            Note = pageNote ?? (result.IsTruncated ? "there are more groups: raise --max-groups" : null),
        };
    }

    /// <summary>Names in place of ids.</summary>
    private static Cell Key(StatisticsGroup group, string key)
    {
        var label = group.Labels.Where(pair => pair.Key == key.Replace("_id", "_name", StringComparison.Ordinal)).Select(pair => pair.Value).FirstOrDefault();
        var word = label ?? group.Keys[key]?.ToString() ?? "-";
        return key == "status" ? Cell.Status(word) : word;
    }
}
