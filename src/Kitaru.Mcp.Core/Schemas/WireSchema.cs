using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Schemas;

/// <summary>
/// What a client is told of an argument. Every assistant reads all of it with every list of tools, so it holds what helps to write a call and nothing else; the argument's own
/// schema is stricter, and an error says where a value breaks it.
/// </summary>
internal static class WireSchema
{
    private static readonly string[] Unsaid = ["minLength", "maxLength", "minItems", "maxItems"];

    public static JsonObject Of(JsonObject schema)
    {
        var said = new JsonObject();
        foreach (var (keyword, value) in schema)
        {
            if (Unsaid.Contains(keyword) || IsNoLimit(keyword, value) || (keyword == "examples" && !NeedsExample(schema)))
                continue;
            said[keyword] = keyword switch
            {
                "items" => Of((JsonObject)value!),
                "anyOf" => new JsonArray([.. value!.AsArray().Select(branch => Of((JsonObject)branch!))]),
                _ => value?.DeepClone(),
            };
        }
        return said;
    }

    private static bool IsNoLimit(string keyword, JsonNode? value) =>
        (keyword == "additionalProperties" && value is JsonValue flag && flag.GetValueKind() == System.Text.Json.JsonValueKind.True)
        || (keyword == "maximum" && value is JsonValue number && number.TryGetValue<long>(out var most) && most == int.MaxValue);

    /// <summary>An object's keys are said nowhere else.</summary>
    private static bool NeedsExample(JsonObject schema) => schema["type"]?.ToString() == "object";
}
