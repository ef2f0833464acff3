using System.Text.Json.Nodes;
using Kitaru.Client.Status;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Retention;

/// <summary>kitaru_store_size. Not part of kitaru_status: that one must answer at once, and this one looks at every file.</summary>
internal static class StoreSizeTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_store_size",
        Title = "Show how large the store is",
        Description =
            "Shows what the store takes on the disk and holds: database, values, code, rows, executions by status, retention rules. reclaimable_bytes goes by itself within the "
            + "hour; database.free_bytes is used by later writes. To make room: kitaru_executions_prune.",
        Hints = ToolHints.Read,
        Output = ResultSchema.Object(
            "The size of the store.",
            ("bytes", Shape.Integer("Everything on the disk.")),
            ("reclaimable_bytes", Shape.Integer("What nothing needs any more; the next hourly sweep removes it.")),
            ("database", Shape.Object("The database.",
                ("path", Shape.Text("The file.")),
                ("bytes", Shape.Integer("Its size.")),
                ("wal_bytes", Shape.Integer("The write-ahead log beside it.")),
                ("free_bytes", Shape.Integer("Empty space inside the file, used by later writes; the file does not shrink by itself.")))),
            ("artifacts", FilesShape("Values above 64 KiB.")),
            ("snapshots", FilesShape("Compiled flow code.")),
            ("builds", FilesShape("Records of builds.")),
            ("workers", FilesShape("Output of workers.")),
            ("executions", Shape.Integer("How many executions there are.")),
            ("by_status", RetentionShapes.Numbers("Executions by status.")),
            ("oldest", RetentionShapes.TimeOrNull("When the oldest execution was stored.")),
            ("oldest_end", RetentionShapes.TimeOrNull("When the execution ended that ended first.")),
            ("rows", RetentionShapes.Numbers("Rows of the database by table.")),
            ("retention", Shape.OrNull(Shape.Text($"What is deleted by itself, from {RetentionRules.Variable}; null for nothing."))),
            ("swept_at", RetentionShapes.TimeOrNull("When what nobody needs was last removed."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var rules = RetentionRules.FromEnvironment(Environment.GetEnvironmentVariable);
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            var size = RetentionJson.Of(await kitaru.Retention.MeasureAsync(cancellationToken), rules);
            if (call.Backend.Client.IsForOthers)
                size["database"]!["path"] = RuntimeSnapshots.OnTheServer;
            return ToolAnswer.Of(size);
        },
    };

    private static JsonObject FilesShape(string description) => Shape.Object(
        description,
        ("count", Shape.Integer("How many.")),
        ("bytes", Shape.Integer("What they take.")),
        ("reclaimable_count", Shape.Integer("How many of them nothing needs any more.")),
        ("reclaimable_bytes", Shape.Integer("What those take.")));
}
