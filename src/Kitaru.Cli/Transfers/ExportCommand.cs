using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Transfers;

/// <summary>kitaru export.</summary>
internal static class ExportCommand
{
    public static LeafCommand Create()
    {
        var folder = CommonOptions.Argument("FOLDER", "A new or empty folder, or one of an export that was begun.");
        var moveOpen = CommonOptions.Flag("--move-open", "Also executions that wait or sleep: they end here and go on where they are imported.");
        return new LeafCommand("export", "Writes a project into a folder: executions, deployments, stacks, code. Values of secrets are never written.", "kitaru export archive", async (call, cancellationToken) =>
        {
            var report = await Working.RunAsync(call, "exporting", progress => call.Client.Transfers.ExportAsync(
                call.Host.FullPath(call.Get(folder)), new ExportOptions { MoveOpen = call.Get(moveOpen) }, progress, cancellationToken));
            return Answer.Item(report.ToJson(), new Success(
                $"Exported {report.Executions} executions.", $"Folder: {call.Host.FullPath(call.Get(folder))}", $"Moved: {report.Moved}", $"Left out: {report.LeftOut}",
                $"Deployments: {report.Deployments}", $"Stacks: {report.Stacks}", $"Snapshots: {report.Snapshots}", $"Values: {report.Values}")) with
            {
                Warnings = report.Secrets.Count > 0 ? [$"Secrets to be made anew: {string.Join(", ", report.Secrets)}."] : [],
                Hints = ["kitaru import FOLDER stores it elsewhere."],
            };
        })
        {
            folder,
            moveOpen,
        };
    }
}
