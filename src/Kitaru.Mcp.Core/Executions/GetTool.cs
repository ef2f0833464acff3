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
            "Answers one execution in full: status, pending questions, checkpoints with attempts and failures, artifacts, inputs, result. With wait_seconds it answers when the "
            + "execution ends or asks for input: no need to poll. Next: waiting: kitaru_executions_input; failed or stuck: kitaru_executions_explain.",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.ExecId(),
            ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question."),
            ExecutionFields.Argument(),
        ],
        Output = ExecutionShapes.FullResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var fields = ExecutionFields.Of(call, ExecutionShapes.FullKeys);
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await ExecutionAnswers.WaitAsync(call, id, cancellationToken);
            return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken, fields);
        },
    };
}
