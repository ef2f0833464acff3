using System.CommandLine;
using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Servers;
using Kitaru.Core;

namespace Kitaru.Cli.Mcp;

/// <summary>kitaru mcp install.</summary>
internal static class InstallCommand
{
    private static readonly string[] Scopes = ["local", "project", "user"];

    public static LeafCommand Create()
    {
        var scope = new Option<string>("--scope")
        {
            Description = "local: you, in this project. project: everybody, through .mcp.json. user: you, in all projects.",
            HelpName = "local|project|user",
            DefaultValueFactory = _ => Scopes[0],
        };
        scope.CompletionSources.Add(Scopes);
        var name = new Option<string>("--name") { Description = "What the server is called there.", HelpName = "NAME", DefaultValueFactory = _ => "kitaru" };
        return new LeafCommand("mcp.install", "Connects a coding assistant: writes .mcp.json, or shows the command to run.", "kitaru mcp install --scope project", async (call, cancellationToken) =>
        {
            var chosen = call.Get(scope)!.ToLowerInvariant();
            if (!Scopes.Contains(chosen))
                throw new KitaruUsageException($"--scope: expected {string.Join(", ", Scopes)}, got '{Texts.Short(chosen, 80)}'.{Texts.DidYouMean(chosen, Scopes)}", "Give one of these.");
            var assembly = McpProgram.Assembly(call.Host);
            if (!File.Exists(assembly))
                throw new KitaruFeatureNotAvailableException($"'{assembly}' is not there.", "Install kitaru again.");
            return chosen == "project"
                ? await WriteAsync(call, call.Get(name)!, assembly, cancellationToken)
                : Show(call.Get(name)!, chosen, assembly);
        })
        {
            scope,
            name,
        };
    }

    private static async Task<Answer> WriteAsync(CommandCall call, string name, string assembly, CancellationToken cancellationToken)
    {
        var path = Path.Combine(McpFile.ProjectFolder(call.Host.WorkingDirectory), McpFile.Name);
        await McpFile.AddAsync(path, name, ForegroundProgram.Host(), [assembly], cancellationToken);
        return Answer.Item(Json("project", name, assembly, path, null), new Success($"Wrote {name} into {McpFile.Name}.", $"File: {path}", $"Command: {ForegroundProgram.Host()} {assembly}")) with
        {
            Hints = ["Start your assistant in that folder; it asks once whether it may use the server."],
        };
    }

    private static Answer Show(string name, string scope, string assembly)
    {
        var line = $"claude mcp add --scope {scope} {Quoted(name)} -- {Quoted(ForegroundProgram.Host())} {Quoted(assembly)}";
        return Answer.Item(Json(scope, name, assembly, null, line), new PlainText(line)) with { Hints = ["Run this line; any other assistant takes the same command in its own settings."] };
    }

    private static JsonObject Json(string scope, string name, string assembly, string? path, string? line) => new()
    {
        ["scope"] = scope,
        ["name"] = name,
        ["command"] = ForegroundProgram.Host(),
        ["args"] = new JsonArray(assembly),
        ["path"] = path,
        ["install_command"] = line,
    };

    private static string Quoted(string text) => text.All(character => char.IsLetterOrDigit(character) || character is '-' or '_' or '.' or '/' or ':' or '\\') ? text : $"\"{text}\"";
}
