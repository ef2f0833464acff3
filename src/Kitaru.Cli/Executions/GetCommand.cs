using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions get.</summary>
internal static class GetCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        return new LeafCommand("executions.get", "Shows an execution: status, question, failure, checkpoints, result.", "kitaru executions get 0199c0de-0000-7000-8000-000000000000",
            async (call, cancellationToken) => await ExecutionAnswers.FullAsync(call, await ExecutionOptions.IdOf(call, id, cancellationToken), cancellationToken))
        {
            id,
        };
    }
}
