using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Transfers;

/// <summary>kitaru import.</summary>
internal static class ImportCommand
{
    public static LeafCommand Create()
    {
        var folder = CommonOptions.Argument("FOLDER", "Of a complete export.");
        return new LeafCommand("import", "Stores what an export wrote. Started again it goes on where it was.", "kitaru import archive", async (call, cancellationToken) =>
        {
            var report = await Working.RunAsync(call, "importing", progress => call.Client.Transfers.ImportAsync(call.Host.FullPath(call.Get(folder)), progress, cancellationToken));
            List<string> warnings = [];
            if (report.StacksToMake.Count > 0)
                warnings.Add($"Stacks to be made anew, with their credentials: {string.Join(", ", report.StacksToMake)}.");
            if (report.SecretsToMake.Count > 0)
                warnings.Add($"Secrets to be made anew: {string.Join(", ", report.SecretsToMake)}.");
            return Answer.Item(report.ToJson(), new Success(
                $"Imported {report.Stored} executions, {report.Verified} verified.", $"Here before: {report.Present}", $"Deployments: {report.Deployments}", $"Stacks: {report.Stacks}",
                $"Snapshots: {report.Snapshots}", $"Values: {report.Values}")) with
            {
                Warnings = warnings,
            };
        })
        {
            folder,
        };
    }
}
