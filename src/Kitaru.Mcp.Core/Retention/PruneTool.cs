using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Retention;

/// <summary>kitaru_executions_prune.</summary>
internal static class PruneTool
{
    private const int DaysMax = 36_500;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_prune",
        Title = "Delete old executions",
        Description =
            "Deletes ended executions by age with all their data, oldest first; all conditions must hold. A dry run unless dry_run=false: show the user matched, by_status, "
            + "oldest, newest and bytes, and call again with dry_run=false only when they agree. While remaining is above 0, call again.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            new Argument("older_than_days", Shape.Integer("Only those that ended so many days ago or longer.")
                .With("minimum", 0).With("maximum", DaysMax).With("examples", new System.Text.Json.Nodes.JsonArray(30)), Required: true),
            Argument.Words("status", "Only those that ended so.", RetentionShapes.Ended),
            ExecutionArguments.Flow(),
            Argument.Integer("keep_newest", "Keep so many of each flow, the newest.", least: 0, most: 1_000_000, preset: 0),
            Argument.Integer("limit", $"How many to delete at most in this call, 1 to {PruneQuery.LimitMax}.", least: 1, most: PruneQuery.LimitMax, preset: 1000),
            Argument.Flag("dry_run", "false: delete, for good.", preset: true),
        ],
        Output = ResultSchema.Object(
            "What was deleted, or in a dry run what would be.",
            ("matched", Shape.Integer("How many executions meet the conditions.")),
            ("selected", Shape.Integer("How many of them this call covers: the oldest ones, up to limit.")),
            ("deleted", Shape.Integer("How many were deleted; 0 in a dry run.")),
            ("bytes", Shape.Integer("Bytes of their data; in a dry run of the selected ones.")),
            ("oldest", RetentionShapes.TimeOrNull("When the first of the selected ones ended.")),
            ("newest", RetentionShapes.TimeOrNull("When the last of the selected ones ended.")),
            ("by_status", RetentionShapes.Numbers("The selected ones by the way they ended.")),
            ("remaining", Shape.Integer("How many still meet the conditions.")),
            ("dry_run", Shape.Flag("Whether nothing was deleted."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var query = new PruneQuery
            {
                OlderThan = TimeSpan.FromDays(call.Integer("older_than_days")),
                Statuses = call.TextOrNull("status") is { } word ? StatusWords.Behind(word) : [],
                Flow = call.TextOrNull("flow"),
                KeepNewest = call.Integer("keep_newest"),
                Limit = call.Integer("limit"),
                DryRun = call.Flag("dry_run"),
            };
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            return ToolAnswer.Of(RetentionJson.Of(await kitaru.Retention.PruneAsync(query, cancellationToken)));
        },
    };
}
