using Kitaru.Cli.Commands;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions retry.</summary>
internal static class RetryCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        var code = ExecutionOptions.Code("recorded: the code it was recorded with. current: its target's present code, built anew. Default: recorded.");
        return new LeafCommand(
            "executions.retry", "Lets a failed execution go on: finished checkpoints keep their results.", "kitaru executions retry 0199c0de-0000-7000-8000-000000000000 --code current",
            async (call, cancellationToken) =>
            {
                var execution = await ExecutionOptions.IdOf(call, id, cancellationToken);
                await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
                using (var progress = new ProgressLine(call))
                    await call.Client.Executions.RetryAsync(execution, ExecutionOptions.CodeOf(call, code) ?? ExecutionCode.Recorded, progress, cancellationToken);
                await stack.HandOverAsync(execution);
                return await ExecutionAnswers.FullAsync(call, execution, cancellationToken);
            })
        {
            id,
            code,
        };
    }
}
