using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Client.Status;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Connection;

/// <summary>kitaru info.</summary>
internal static class InfoCommand
{
    public static LeafCommand Create()
    {
        var all = CommonOptions.Flag("--all", "Everything: all packages, what this runs in, why this stack and project are active.", "-a");
        var allPackages = CommonOptions.Flag("--all-packages", "The versions of all packages.");
        var packages = CommonOptions.Texts("--packages", "NAME", "The version of this package.", "-p");
        var file = CommonOptions.Text("--file", "PATH", "Write it into a file: YAML when it ends with .yaml or .yml, else JSON.", "-f");
        return new LeafCommand("info", "Shows the installation in full, for bug reports.", "kitaru info --all --file kitaru-info.yaml", async (call, cancellationToken) =>
        {
            var question = new RuntimeQuestion { All = call.Get(all), AllPackages = call.Get(allPackages), Packages = call.Get(packages) ?? [] };
            var snapshot = await RuntimeSnapshots.TakeAsync(call.Client, await StoreFault.FindAsync(call, cancellationToken), question, cancellationToken);
            return call.Get(file) is { } path ? await WriteAsync(call.Host.FullPath(path), snapshot, cancellationToken) : Answer.Item(snapshot.ToJson(), RuntimeView.Info(snapshot));
        })
        {
            all,
            allPackages,
            packages,
            file,
        };
    }

    private static async Task<Answer> WriteAsync(string path, RuntimeSnapshot snapshot, CancellationToken cancellationToken)
    {
        var format = Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" ? "yaml" : "json";
        var json = snapshot.ToJson();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, format == "yaml" ? YamlText.Of(json) : json.ToJsonString(KitaruJson.Indented) + "\n", cancellationToken);
        return Answer.Item(new JsonObject { ["file"] = path, ["format"] = format }, new Success($"Wrote the installation's details as {format.ToUpperInvariant()}.", $"File: {path}"));
    }
}
