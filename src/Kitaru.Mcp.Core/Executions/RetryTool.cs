using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_retry.</summary>
internal static class RetryTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_retry",
        Title = "Retry a failed execution",
        Description =
            "Lets a failed execution go on under its exec_id: finished checkpoints keep their results, the ones that made it fail run again. After a passing trouble, or with "
            + "code=current after the source was fixed. Any other status: an error that names the right call. Next: kitaru_executions_get(exec_id, wait_seconds=50). With other "
            + "inputs or values: kitaru_executions_replay.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            ExecutionArguments.Code(
                "current: the target's present code, which must make the recorded calls with the same arguments.", preset: "recorded"),
            ExecutionArguments.WaitSeconds("Seconds to wait for its end or a question."),
        ],
        Output = ExecutionShapes.ChangedResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await call.Backend.Client.Executions.RetryAsync(id, ExecutionArguments.CodeOf(call) ?? ExecutionCode.Recorded, call.Progress, cancellationToken);
            await ExecutionAnswers.WaitAsync(call, id, cancellationToken);
            return await ExecutionAnswers.AnswerAsync(kitaru, id, cancellationToken);
        },
    };
}
