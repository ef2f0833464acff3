using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Retention;

/// <summary>kitaru_executions_delete.</summary>
internal static class DeleteTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_delete",
        Title = "Delete an execution",
        Description =
            "Deletes one ended execution with all its data, for good; dry_run=true says first what would go. Only when the user wants exactly this one gone. Running or waiting: "
            + "an error, kitaru_executions_cancel first. Many old ones: kitaru_executions_prune.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Flag("dry_run", "Only say what would be removed.", preset: false),
        ],
        Output = ResultSchema.Object(
            "What was removed, or with dry_run what would be.",
            ("exec_id", Shape.Text("The execution.")),
            ("deleted", Shape.Flag("Whether it is gone; false in a dry run.")),
            ("dry_run", Shape.Flag("Whether this only says what would be removed.")),
            ("status", Shape.Words("How it had ended.", RetentionShapes.Ended)),
            ("ended_at", Shape.Time("When it had ended.")),
            ("rows", RetentionShapes.Numbers("Its rows in the database, by table.")),
            ("row_bytes", Shape.Integer("Bytes of what those rows hold; the database file keeps the space and uses it again.")),
            ("large_values", Shape.Integer("Its values above 64 KiB that no other execution has; each is a file.")),
            ("large_value_bytes", Shape.Integer("Bytes of those; values stored within the last hour go with the next hourly sweep.")),
            ("bytes", Shape.Integer("Everything together."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            return ToolAnswer.Of(RetentionJson.Of(await kitaru.Retention.DeleteAsync(id, call.Flag("dry_run"), cancellationToken)));
        },
    };
}
