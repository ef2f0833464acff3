using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Targets;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// The settings the worker's process starts with: every framework that the flow or the worker asks for, and the flow's own switches.
/// </summary>
internal static class StageRuntimeConfig
{
    public const string Suffix = ".runtimeconfig.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip };

    public static string Merge(string workerConfig, IEnumerable<string> flowConfigs)
    {
        var frameworks = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var switches = new JsonObject();
        // Of the worker's own switches none is taken: how the flow's process treats cultures is the flow's matter.
        AddFrameworks(frameworks, Options(workerConfig));
        foreach (var config in flowConfigs)
        {
            var options = Options(config);
            AddFrameworks(frameworks, options);
            foreach (var (name, value) in options["configProperties"] as JsonObject ?? [])
                switches[name] = value?.DeepClone();
        }
        var merged = new JsonObject
        {
            ["rollForward"] = "Major",
            ["frameworks"] = new JsonArray([.. frameworks.Select(item => new JsonObject { ["name"] = item.Key, ["version"] = item.Value })]),
        };
        if (switches.Count > 0)
            merged["configProperties"] = switches;
        return new JsonObject { ["runtimeOptions"] = merged }.ToJsonString(Indented);
    }

    private static JsonObject Options(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(file), documentOptions: WithComments)?["runtimeOptions"] as JsonObject ?? [];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new KitaruUsageException(
                $"'{Path.GetFileName(file)}' of the flow's build output is not a runtime configuration: {e.Message}", "Build the project again.", e);
        }
    }

    private static void AddFrameworks(SortedDictionary<string, string> frameworks, JsonObject options)
    {
        JsonNode?[] listed =
        [
            options["framework"], .. options["frameworks"] as JsonArray ?? [], .. options["includedFrameworks"] as JsonArray ?? [],
        ];
        foreach (var framework in listed.OfType<JsonObject>())
        {
            if (framework["name"] is not JsonValue name || framework["version"] is not JsonValue version
                || !name.TryGetValue<string>(out var key) || !version.TryGetValue<string>(out var asked)
                || ReleaseVersion.TryParse(asked) is not { } wanted)
                continue;
            if (!frameworks.TryGetValue(key, out var known) || wanted.CompareTo(ReleaseVersion.TryParse(known)) > 0)
                frameworks[key] = asked;
        }
    }
}
