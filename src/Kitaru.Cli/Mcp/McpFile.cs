using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Cli.Projects;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Mcp;

/// <summary>A project's <c>.mcp.json</c>: what is there already stays.</summary>
internal static class McpFile
{
    public const string Name = ".mcp.json";
    private const string Servers = "mcpServers";
    private const int BytesMax = 1024 * 1024;

    /// <summary>The nearest folder that has the file, or is a project's or a repository's root; else the folder itself.</summary>
    public static string ProjectFolder(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, Name)) || Directory.Exists(Path.Combine(at, InitCommand.MarkerFolder)) || Path.Exists(Path.Combine(at, ".git")))
                return at;
        }
        return folder;
    }

    /// <summary>Adds a server, or replaces the one of this name.</summary>
    /// <exception cref="KitaruUsageException">The file is there and is of another kind.</exception>
    public static async Task AddAsync(string path, string name, string command, IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var root = Read(path);
        if (root[Servers] is not null and not JsonObject)
            throw Bad(path, $"'{Servers}' is no object");
        var servers = root[Servers] as JsonObject ?? (JsonObject)(root[Servers] = new JsonObject())!;
        var entry = servers[name] as JsonObject ?? [];
        entry["command"] = command;
        entry["args"] = new JsonArray([.. args.Select(argument => (JsonNode)argument)]);
        servers[name] = entry.DeepClone();
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        await File.WriteAllTextAsync(temporary, root.ToJsonString(KitaruJson.Indented) + "\n", cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private static JsonObject Read(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            return KitaruJson.Parse(SmallFile.ReadText(path, BytesMax)) as JsonObject ?? throw Bad(path, "it is no JSON object");
        }
        catch (JsonException fault)
        {
            throw Bad(path, $"it is not JSON: {Texts.Short(fault.Message)}");
        }
    }

    private static KitaruUsageException Bad(string path, string why) => new($"{path} cannot be changed: {why}.", "Correct the file, or move it away.");
}
