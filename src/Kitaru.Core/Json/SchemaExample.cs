using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>Makes up a value that fits a schema, for error messages.</summary>
public static class SchemaExample
{
    private const int DepthMax = 4;

    /// <summary>The schema's own example or default where it has one, else a plain value of its type.</summary>
    public static JsonNode? Of(JsonObject schema) => Of(schema, 0);

    internal static string TypeWords(JsonNode type) => type is JsonArray several
        ? string.Join(" or ", several.Select(word => word?.ToString()))
        : type.ToString();

    private static JsonNode? Of(JsonObject schema, int depth)
    {
        if (schema["examples"] is JsonArray { Count: > 0 } examples)
            return examples[0]?.DeepClone();
        if (schema.TryGetPropertyValue("const", out var constant))
            return constant?.DeepClone();
        if (schema["default"] is { } preset)
            return preset.DeepClone();
        if (schema["enum"] is JsonArray { Count: > 0 } choices)
            return choices[0]?.DeepClone();
        if ((schema["anyOf"] ?? schema["oneOf"]) is JsonArray { Count: > 0 } alternatives && alternatives[0] is JsonObject first)
            return depth < DepthMax ? Of(first, depth + 1) : null;
        var type = schema["type"] switch
        {
            JsonArray several => several.Select(word => word?.ToString()).FirstOrDefault(word => word != "null"),
            JsonValue one => one.ToString(),
            _ => null,
        };
        return type switch
        {
            "string" => OfString(schema),
            "integer" => schema["minimum"]?.DeepClone() ?? 1,
            "number" => schema["minimum"]?.DeepClone() ?? 1.5,
            "boolean" => true,
            "array" => schema["items"] is JsonObject items && depth < DepthMax ? new JsonArray(Of(items, depth + 1)) : new JsonArray(),
            "object" => OfObject(schema, depth),
            _ => null,
        };
    }

    private static JsonNode OfString(JsonObject schema)
    {
        if (schema["format"] is JsonValue format)
        {
            JsonFormats.Fits(format.ToString(), "", out var example);
            if (example.Length > 0)
                return example;
        }
        return "text";
    }

    private static JsonObject OfObject(JsonObject schema, int depth)
    {
        var result = new JsonObject();
        if (depth >= DepthMax || schema["properties"] is not JsonObject properties)
            return result;
        var required = (schema["required"] as JsonArray)?.Select(name => name?.ToString()).ToHashSet();
        foreach (var (name, member) in properties)
        {
            if (member is JsonObject rules && (required is null || required.Contains(name)))
                result[name] = Of(rules, depth + 1);
        }
        return result;
    }
}
