using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_get.</summary>
internal static class GetTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_get",
        Title = "Inspect an execution",
        Description =
            "Answers one execution in full: status, pending questions, checkpoints with attempts and failures, artifacts, inputs and result. "
            + "Use it to follow an execution or to find out why it failed. With wait_seconds it answers as soon as the execution ends or asks for input, "
            + "so there is no need to poll. Next: status waiting: kitaru_executions_input; failed or stuck: kitaru_executions_explain; "
            + "large values: kitaru_artifacts_get.",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.ExecId(),
            ExecutionArguments.WaitSeconds("Wait up to this many seconds (0 to 50) for the execution to end or to ask for input; 0 answers at once."),
        ],
        Output = ExecutionShapes.FullResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await ExecutionAnswers.WaitAsync(call, id, cancellationToken);
            return ToolAnswer.Of(await ExecutionAnswers.FullAsync(kitaru, id, cancellationToken));
        },
    };
}
