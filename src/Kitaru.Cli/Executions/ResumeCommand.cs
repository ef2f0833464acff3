using Kitaru.Cli.Commands;
using Kitaru.Cli.Running;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions resume.</summary>
internal static class ResumeCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        return new LeafCommand(
            "executions.resume", "Lets an execution that was put back for later go on now; an answered question or a sleep that is over does it by itself.",
            "kitaru executions resume 0199c0de-0000-7000-8000-000000000000", async (call, cancellationToken) =>
            {
                var execution = await ExecutionOptions.IdOf(call, id, cancellationToken);
                await using var stack = await EmbeddedStack.StartAsync(call, cancellationToken);
                var isResumed = await call.Client.Executions.ResumeAsync(execution, cancellationToken);
                await stack.HandOverAsync(execution);
                return await ExecutionAnswers.FullAsync(
                    call, execution, cancellationToken, isResumed ? null : "There was nothing to resume: the execution goes on by itself, or has ended meanwhile.");
            })
        {
            id,
        };
    }
}
