using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.ControlPlane.Backup;

namespace Kitaru.Cli.Transfers;

/// <summary>kitaru backup.</summary>
internal static class BackupCommand
{
    public static LeafCommand Create()
    {
        var folder = CommonOptions.Argument("FOLDER", "A new or empty folder.");
        var keys = CommonOptions.Flag("--with-secret-keys", "The keys of secrets too: whoever has the folder can read the secrets then.");
        return new LeafCommand("backup", "Copies the local database, its values and compiled code, as of one moment, while it is in use.", "kitaru backup backups/today", async (call, cancellationToken) =>
        {
            var path = call.Host.FullPath(call.Get(folder));
            var report = await Working.RunAsync(call, "copying", _ => StoreBackup.CreateAsync(call.Client.Directory, path, call.Get(keys), cancellationToken));
            return Answer.Item(report.ToJson(), BackupView.Of($"Backed up {report.Executions} executions.", path, report)) with { Hints = ["kitaru restore FOLDER brings it back into an empty config directory."] };
        })
        {
            folder,
            keys,
        };
    }
}
