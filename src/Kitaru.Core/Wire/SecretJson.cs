using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>What is shown of a secret (platform.md 3.2): never a value.</summary>
public static class SecretJson
{
    /// <summary>The summary.</summary>
    public static JsonObject Of(SecretSummary secret) => new()
    {
        ["id"] = secret.Id.ToString(),
        ["name"] = secret.Name,
        ["visibility"] = secret.IsPrivate ? "private" : "public",
        ["keys"] = new JsonArray([.. secret.Keys.Select(key => (JsonNode)key)]),
        ["keys_known"] = true,
        ["has_missing_values"] = false,
    };
}
