using System.Text.Json.Nodes;

namespace Kitaru.Cli.Flows;

/// <summary>Deployed flows as people see them, from their JSON.</summary>
internal static class FlowText
{
    public static string Version(JsonNode? version) => version is null ? "-" : $"v{version}";

    /// <summary>Each tag with the versions it is on.</summary>
    public static string Tags(JsonObject flow) => flow["tags"] is JsonObject { Count: > 0 } tags
        ? string.Join(", ", tags.Select(tag => $"{tag.Key} ({string.Join(", ", tag.Value!.AsArray().Select(Version))})"))
        : "none";
}
