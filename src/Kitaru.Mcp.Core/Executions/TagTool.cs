using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_tag.</summary>
internal static class TagTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_tag",
        Title = "Tag an execution",
        Description =
            "Adds tags to an execution and removes others, in one step and in any status. Tags are free labels to find executions by: kitaru_executions_list(tags=[...]). Answers "
            + "the execution in full.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            ExecutionArguments.Tags("add", "Tags to add, up to 64."),
            ExecutionArguments.Tags("remove", "Tags to remove, up to 64."),
        ],
        Output = ExecutionShapes.ChangedResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var (id, add, remove) = (call.ExecutionId("exec_id"), call.Texts("add"), call.Texts("remove"));
            if (add.Count + remove.Count == 0)
                throw ArgumentCheck.Error("add", "at least one tag in add or remove", call.Any("add"), "[\"nightly\"]");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await kitaru.Executions.TagAsync(id, add, remove, cancellationToken);
            return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken);
        },
    };
}
