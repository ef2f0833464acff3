using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions logs.</summary>
internal static class LogsCommand
{
    public static LeafCommand Create()
    {
        var (id, options) = (ExecutionOptions.Id(), new LogOptions());
        var command = new LeafCommand(
            "executions.logs", "Shows what an execution printed and logged.", "kitaru executions logs 0199c0de-0000-7000-8000-000000000000 --follow",
            (call, cancellationToken) => options.AnswerAsync(call, stop => ExecutionOptions.IdOf(call, id, stop), cancellationToken))
        {
            id,
        };
        options.AddTo(command);
        return command;
    }
}
