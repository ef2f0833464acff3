using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.ControlPlane.Backup;

namespace Kitaru.Cli.Transfers;

/// <summary>kitaru restore.</summary>
internal static class RestoreCommand
{
    public static LeafCommand Create()
    {
        var folder = CommonOptions.Argument("FOLDER", "Of a backup.");
        return new LeafCommand("restore", "Puts a backup in the place of a local database that is not there.", "kitaru restore backups/today", async (call, cancellationToken) =>
        {
            var path = call.Host.FullPath(call.Get(folder));
            var report = await Working.RunAsync(call, "copying", _ => StoreBackup.RestoreAsync(path, call.Client.Directory, cancellationToken));
            return Answer.Item(report.ToJson(), BackupView.Of($"Restored {report.Executions} executions.", path, report));
        })
        {
            folder,
        };
    }
}
