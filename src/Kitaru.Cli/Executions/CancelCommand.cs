using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions cancel.</summary>
internal static class CancelCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        return new LeafCommand("executions.cancel", "Ends a running or waiting execution for good.", "kitaru executions cancel 0199c0de-0000-7000-8000-000000000000", async (call, cancellationToken) =>
        {
            var execution = await ExecutionOptions.IdOf(call, id, cancellationToken);
            await call.Client.Executions.CancelAsync(execution, cancellationToken);
            return await ExecutionAnswers.FullAsync(call, execution, cancellationToken);
        })
        {
            id,
        };
    }
}
