using System.Globalization;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Executions;

/// <summary>kitaru executions delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var id = ExecutionOptions.Id();
        var dryRun = CommonOptions.Flag("--dry-run", "Delete nothing; say what would be removed.");
        return new LeafCommand(
            "executions.delete", "Deletes an ended execution with all its data, for good.", "kitaru executions delete 0199c0de-0000-7000-8000-000000000000 --dry-run", async (call, cancellationToken) =>
            {
                var execution = await ExecutionOptions.IdOf(call, id, cancellationToken);
                var deleted = await call.Client.Executions.DeleteAsync(execution, call.Get(dryRun), cancellationToken);
                var json = RetentionJson.Of(deleted);
                var bytes = ((long)json["bytes"]!).ToString("N0", CultureInfo.InvariantCulture);
                return Answer.Item(json, new Success(
                    call.Get(dryRun) ? $"Would delete execution {execution}: {bytes} bytes." : $"Deleted execution {execution}: {bytes} bytes."));
            })
        {
            id,
            dryRun,
        };
    }
}
