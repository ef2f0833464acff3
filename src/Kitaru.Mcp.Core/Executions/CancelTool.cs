using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_cancel.</summary>
internal static class CancelTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_cancel",
        Title = "Cancel an execution",
        Description =
            "Ends a running or waiting execution as cancelled, for good: no later checkpoint starts, a running one is told to stop. Only when the user wants it ended. Completed "
            + "or failed: an error, nothing changes. Answers the execution in full.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: false),
        Arguments = [ExecutionArguments.ExecId()],
        Output = ExecutionShapes.ChangedResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await kitaru.Executions.CancelAsync(id, call.Caller, cancellationToken);
            return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken);
        },
    };
}
