using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>kitaru_executions_cohort.</summary>
internal static class CohortTool
{
    private const string DateFormat = "yyyy-MM-dd";

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_cohort",
        Title = "Find executions to replay",
        Description =
            "Finds executions of one flow to replay from the same call: originals that completed and made the call exactly once. For kitaru_executions_replay_many, which takes "
            + "the exec_ids as they are. filtered says why others did not fit; partial=true: older ones may fit too, raise max_scan.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Text("flow", "The flow's exact name.", required: true, example: "research_agent"),
            Argument.Text("at", "A checkpoint's name; a repeat is lookup_2.", required: true, example: "write_draft"),
            Argument.Text("deployment", "Only those of this deployment: its id, or a tag.", example: "canary"),
            Argument.Integer("deployment_version", "Only those of this version.", least: 1, most: int.MaxValue),
            Argument.Text(
                "order_by", "started_at, duration, display_cost_usd or total_tokens; - for descending.",
                preset: "-started_at"),
            Argument.Integer("limit", "Most executions to answer.", least: 1, most: 500, preset: 50),
            Argument.Text("since", "Created from this date or time on, ISO-8601.", example: "2026-06-16"),
            Argument.Text("until", "Created before; a date includes its day.", example: "2026-06-30"),
            Argument.Integer("max_scan", "How many to look at, newest first.", least: 1, most: 10_000, preset: 500),
            Argument.Flag("include_failed", "Take failed executions too.", preset: false),
        ],
        Output = ResultSchema.Object(
            "The cohort.",
            ("available", Shape.Flag("Always true.")),
            ("operation", Shape.Words("Which it was.", ["cohort"])),
            ("cohort", Cohort())),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        DeploymentId? deployment = call.TextOrNull("deployment")?.Trim() is not { } named ? null
            : Guid.TryParse(named, out var id) ? new DeploymentId(id)
            : (await kitaru.Deployments.ResolveAsync(call.Text("flow"), null, named, cancellationToken)).Id;
        var query = new CohortQuery
        {
            Flow = call.Text("flow"),
            At = call.Text("at"),
            Deployment = deployment,
            DeploymentVersion = (int?)call.IntegerOrNull("deployment_version"),
            Order = CohortOrder.Parse(call.Text("order_by")),
            Limit = call.Integer("limit"),
            Since = call.TimeOrNull("since"),
            Until = EndOf(call, "until"),
            ScanMax = call.Integer("max_scan"),
            IncludeFailed = call.Flag("include_failed"),
        };
        var cohort = await call.Backend.Client.Executions.FindCohortAsync(query, cancellationToken);
        return ToolAnswer.Of(new JsonObject { ["available"] = true, ["operation"] = "cohort", ["cohort"] = CohortJson.Of(cohort) });
    }

    private static DateTimeOffset? EndOf(ToolCall call, string name)
    {
        var time = call.TimeOrNull(name);
        var isDate = DateOnly.TryParseExact(call.TextOrNull(name)?.Trim(), DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        return isDate ? time?.AddDays(1) : time;
    }

    private static JsonObject Cohort() => Shape.Object("Executions that can be replayed together.",
        ("flow", Shape.Text("The flow.")),
        ("at", Shape.Text("The call.")),
        ("deployment", Shape.OrNull(Shape.Text("The deployment_id that was looked for."))),
        ("deployment_version", Shape.OrNull(Shape.Integer("The version that was looked for."))),
        ("order_by", Shape.Text("The order.")),
        ("exec_ids", Shape.List("The executions in this order: what kitaru_executions_replay_many takes.", new JsonObject { ["type"] = "string" })),
        ("scanned", Shape.Integer("How many executions of the flow were looked at, the newest first.")),
        ("matched", Shape.Integer("How many of them fit, also those beyond limit.")),
        ("partial", Shape.Flag("There are older ones that were not looked at, and fewer than limit were found.")),
        ("filtered", Shape.Object("Why the others do not fit; each counts once.",
            ("status", Shape.Integer("Not completed (and not failed, with include_failed).")),
            ("originals", Shape.Integer("Replays themselves.")),
            ("deployment", Shape.Integer("Not invoked from that deployment.")),
            ("checkpoint", Shape.Integer("They never made the call.")),
            ("window", Shape.Integer("Created outside since and until.")),
            ("ambiguous_checkpoint", Shape.Integer("They made the call more than once.")))),
        ("ranked", Shape.List("The same executions with what they are ordered by.", Shape.Object("One execution.",
            ("exec_id", Shape.Text("Its id.")),
            ("sort_value", Shape.Any("A time, seconds, dollars or tokens; null when unknown."))))));
}
