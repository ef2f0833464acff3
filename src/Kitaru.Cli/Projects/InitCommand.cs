using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Projects;

/// <summary>kitaru init.</summary>
internal static class InitCommand
{
    public const string MarkerFolder = ".kitaru";
    private const string LegacyFolder = ".zen";

    public static LeafCommand Create()
    {
        var path = CommonOptions.OptionalArgument("PATH", "The project's folder; the working directory when it is left out.");
        var pathOption = CommonOptions.Text("--path", "PATH", "The same, by name.");
        return new LeafCommand(
            "init", "Makes a folder a Kitaru project: from here on it has an active stack of its own.", "kitaru init",
            (call, _) => Task.FromResult(Answer(call, call.Host.FullPath(call.Get(path) ?? call.Get(pathOption) ?? "."))))
        {
            path,
            pathOption,
        };
    }

    /// <summary>Makes the marker.</summary>
    /// <exception cref="KitaruUsageException">It is no folder, or a project already.</exception>
    public static JsonObject Initialize(string folder)
    {
        if (!Directory.Exists(folder))
            throw new KitaruUsageException($"'{Texts.Short(folder)}' is {(File.Exists(folder) ? "a file" : "not there")}: a project is a folder.", "Make the folder, or name another one.");
        foreach (var name in (string[])[MarkerFolder, LegacyFolder])
        {
            if (Directory.Exists(Path.Combine(folder, name)))
                throw new KitaruUsageException($"'{Texts.Short(folder)}' is a project already: there is {name}.", "Go on with kitaru status.");
        }
        Directory.CreateDirectory(Path.Combine(folder, MarkerFolder));
        return new JsonObject { ["path"] = folder, ["repository_directory"] = MarkerFolder };
    }

    private static Answer Answer(CommandCall call, string folder)
    {
        var made = Initialize(folder);
        return Output.Answer.Item(made, new Success("Initialized a Kitaru project.", $"Path: {folder}", $"Marker: {MarkerFolder}")) with
        {
            Hints = ["kitaru run flows/Research.cs:research_agent --input '{\"topic\": \"tea\"}' runs a flow; kitaru status shows what it runs on."],
        };
    }
}
