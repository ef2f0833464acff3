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
            "Lets a failed execution go on under the same exec_id: checkpoints that finished keep their results and do not run again, the ones that made it fail do. "
            + "Use it after a passing trouble (a service was down), or, with code=current, after the flow's source was fixed: then the target is built anew and a "
            + "build error changes nothing. Only for status failed; any other status is an error that names the right call. "
            + "Answers the execution in full. Next: kitaru_executions_get(exec_id, wait_seconds=50). To try again with other inputs or values: kitaru_executions_replay.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: false, OpenWorld: true),
        Arguments =
        [
            ExecutionArguments.ExecId(),
            ExecutionArguments.Code(
                "recorded: the code it was recorded with. current: the present code of its target; calls that were recorded must be made with the same arguments, or the "
                + "execution fails with origin divergence and nothing recorded is lost.", preset: "recorded"),
            ExecutionArguments.WaitSeconds("Wait until the call has taken this many seconds (0 to 50), a build included, and answer early when the execution ends or asks for input."),
        ],
        Output = ExecutionShapes.FullResult(),
        CallAsync = async (call, cancellationToken) =>
        {
            var id = call.ExecutionId("exec_id");
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await call.Backend.Client.Executions.RetryAsync(id, ExecutionArguments.CodeOf(call) ?? ExecutionCode.Recorded, call.Progress, cancellationToken);
            await ExecutionAnswers.WaitAsync(call, id, cancellationToken);
            return ToolAnswer.Of(await ExecutionAnswers.FullAsync(kitaru, id, cancellationToken));
        },
    };
}
