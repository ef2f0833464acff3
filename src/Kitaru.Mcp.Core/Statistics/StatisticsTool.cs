using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Statistics;

/// <summary>kitaru_executions_statistics.</summary>
internal static class StatisticsTool
{
    private const int KeyCharsMax = 200;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_statistics",
        Title = "Statistics over executions",
        Description =
            "Counts executions in groups, with metrics of each, without listing any: for health, trends, durations and cost, before single executions. A group has "
            + "keys, execution_count, metrics, labels (names for ids); none is empty; an execution counts under each of its tags. A time grouping answers the newest max_groups, oldest first; others the "
            + "largest first. Next: kitaru_executions_list with the same filters.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Items(
                "group_by",
                $"What to group by: {StatisticsWords.Groupings}; at most one time. Warning: metadata:<key> puts the metadata's values into this transcript: not "
                + "for keys that may hold personal or secret data. Object form: {dimension, name, time_granularity, metadata_key}.",
                StatisticsRules.GroupingsMax, new JsonArray("status", "time:day")),
            Argument.Items(
                "metrics",
                "Numbers per group: <name>:<source>:<aggregation> or <name>:metadata:<key>:<aggregation>. Sources: duration (seconds), step_count, cached_step_count, "
                + "output_artifact_count, metadata. Aggregations: avg, sum, min, max, p50, p95. Or one of these words alone: llm_display_cost, llm_estimated_cost, llm_total_tokens, "
                + "llm_incurred_tokens. Object form: {name, source, aggregation, metadata_key}.",
                StatisticsRules.MetricsMax, new JsonArray("duration_avg:duration:avg")),
            Argument.Text("flow", "Only of the flow with this name or id.", example: "research_agent"),
            ExecutionArguments.Status(),
            ExecutionArguments.StackFilter(),
            Argument.TextList("tags", "Only those with all of these; to compare tags, group by tag.", most: StatisticsRules.FiltersMax, example: "nightly"),
            Argument.Integer("max_groups", "Most groups; each goes into this transcript.",
                least: 1, most: StatisticsRules.GroupsMax, preset: StatisticsRules.GroupsPreset),
            Argument.Text("since", "Created from this time on, ISO-8601.", example: "2026-06-16T08:30:00Z"),
            Argument.Text("until", "Created before this time, ISO-8601.", example: "2026-06-17T00:00:00Z"),
            Argument.Map("metadata", "Only with these metadata values; null for none.", new JsonObject { ["customer_tier"] = "gold" }),
        ],
        Output = Output(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var query = StatisticsParser.Parse(call.Arguments);
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        query = query with { Stack = await ExecutionArguments.StackFilterOfAsync(call, kitaru, cancellationToken) };
        var answer = StatisticsJson.Of(await kitaru.Statistics.ComputeAsync(query, cancellationToken));
        foreach (var group in (JsonArray)answer["groups"]!)
            Shorten((JsonObject)group!["keys"]!);
        return ToolAnswer.Of(answer);
    }

    /// <summary>Metadata and tags may be texts of any length.</summary>
    private static void Shorten(JsonObject keys)
    {
        foreach (var (key, value) in keys.ToList())
        {
            if (value is JsonValue && value.GetValueKind() == System.Text.Json.JsonValueKind.String)
                ResultBudget.Clip(keys, key, KeyCharsMax);
        }
    }

    private static JsonObject Output() => ResultSchema.Object(
        "Groups of executions.",
        ("groups", Shape.List("With a time grouping oldest first, else largest first; then by keys.", Shape.Object(
            "One group.",
            ("keys", Shape.Map("One text, number, boolean or null per grouping: status, flow_id, stack_id, tag, hour, day, week or month (start in UTC), or the metadata key.")),
            ("execution_count", Shape.Integer("How many executions.")),
            ("metrics", Shape.Map("One number per metric, by its name; null when no execution of the group has that number.")),
            ("labels", Shape.Map("flow_name for flow_id, stack_name for stack_id."))))),
        ("truncated", Shape.Flag("Whether there are more groups than max_groups.")),
        ("group_count", Shape.Integer("How many groups came back.")));
}
