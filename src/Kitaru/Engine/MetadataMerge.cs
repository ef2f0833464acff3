using System.Text.Json.Nodes;

namespace Kitaru.Engine;

/// <summary>The rule for a repeated metadata key (runtime.md 10.1): two objects merge, anything else is replaced.</summary>
internal static class MetadataMerge
{
    public static void Set(JsonObject target, string key, JsonNode? value)
    {
        if (target[key] is JsonObject present && value is JsonObject added)
        {
            foreach (var (name, node) in added)
                present[name] = node?.DeepClone();
        }
        else
        {
            target[key] = value?.DeepClone();
        }
    }
}
