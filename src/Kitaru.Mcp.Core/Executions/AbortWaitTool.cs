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
            "Aborts a pending question instead of answering it: the flow sees WaitAbortedException there and, unless it catches it, ends cancelled without starting a later "
            + "checkpoint. Use it only when the user refuses to answer; to end the execution whatever it does, use kitaru_executions_cancel. Aborted already: answered "
            + "unchanged. Answered already, or nothing pending: an error. Answers the execution in full. Next: kitaru_executions_get(exec_id, wait_seconds=50) to see what the flow makes of it.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: true),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            Argument.Text("wait", "The name or id of a pending wait: name of pending_wait or pending_waits.", required: true, example: "approve_draft"),
        ],
        Output = ExecutionShapes.FullResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var (id, wait) = (call.ExecutionId("exec_id"), call.Text("wait").Trim());
            if (wait.Length == 0)
                throw ArgumentCheck.Error("wait", "the name or id of a pending wait", call.Any("wait"), "approve_draft");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await kitaru.Waits.AbortAsync(id, wait, call.Caller, cancellationToken);
            return ToolAnswer.Of(await ExecutionAnswers.FullAsync(kitaru, id, cancellationToken));
        },
    };
}
