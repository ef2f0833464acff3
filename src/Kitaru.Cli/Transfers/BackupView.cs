using Kitaru.Cli.Output;
using Kitaru.ControlPlane.Backup;

namespace Kitaru.Cli.Transfers;

/// <summary>What people see of a backup.</summary>
internal static class BackupView
{
    public static Success Of(string line, string folder, BackupReport report) =>
        new(line, $"Folder: {folder}", $"Files: {report.Files}", $"Size: {ByteSize.Of(report.Bytes)}", $"Keys of secrets: {(report.HasSecretKeys ? "yes" : "no")}");
}
