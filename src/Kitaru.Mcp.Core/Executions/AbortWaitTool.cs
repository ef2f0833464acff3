using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_abort_wait.</summary>
internal static class AbortWaitTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_abort_wait",
        Title = "Abort a question",
        Description =
            "Aborts a pending question instead of answering it: the flow sees WaitAbortedException there and, unless it catches it, ends cancelled. Only when the user refuses to "
            + "answer; kitaru_executions_cancel ends the execution in any case. Answers the execution in full.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: true),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Text("wait", "The name or id of the pending wait.", required: true, example: "approve_draft"),
        ],
        Output = ExecutionShapes.ChangedResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var (id, wait) = (call.ExecutionId("exec_id"), call.Text("wait").Trim());
            if (wait.Length == 0)
                throw ArgumentCheck.Error("wait", "the name or id of a pending wait", call.Any("wait"), "approve_draft");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await kitaru.Waits.AbortAsync(id, wait, call.Caller, cancellationToken);
            return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken);
        },
    };
}
