using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Schemas;

/// <summary>Pieces of JSON Schema, written out by hand: no reflection, and only spellings that every client understands.</summary>
internal static class Shape
{
    private static readonly string[] Types = ["object", "array", "string", "number", "boolean", "null"];

    public static JsonObject Text(string description) => Of("string", description);

    public static JsonObject Integer(string description) => Of("integer", description);

    public static JsonObject Number(string description) => Of("number", description);

    public static JsonObject Flag(string description) => Of("boolean", description);

    public static JsonObject Time(string description) => Of("string", description).With("format", "date-time");

    /// <summary>A JSON object with any keys.</summary>
    public static JsonObject Map(string description) => Of("object", description).With("additionalProperties", true);

    public static JsonObject Words(string description, IEnumerable<string> words) =>
        Of("string", description).With("enum", new JsonArray([.. words.Select(word => (JsonNode)word)]));

    public static JsonObject List(string description, JsonObject item) => Of("array", description).With("items", item);

    /// <summary>An object all of whose keys are always there.</summary>
    public static JsonObject Object(string description, params (string Key, JsonObject Schema)[] members)
    {
        var properties = new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Schema)));
        return Of("object", description)
            .With("properties", properties)
            .With("required", new JsonArray([.. members.Select(member => (JsonNode)member.Key)]));
    }

    /// <summary>Two branches: arrays of types are lost on clients that know single types only.</summary>
    public static JsonObject OrNull(JsonObject schema) =>
        AnyOf(schema["description"]?.ToString(), Without(schema, "description"), new JsonObject { ["type"] = "null" });

    /// <summary>Any JSON value, spelled out: an empty schema is not portable in results.</summary>
    public static JsonObject Any(string description) => AnyOf(description,
        [.. Types.Select(type => new JsonObject { ["type"] = type })]);

    public static JsonObject Reference(string definition) => new() { ["$ref"] = "#/$defs/" + definition };

    public static JsonObject With(this JsonObject schema, string keyword, JsonNode? value)
    {
        schema[keyword] = value;
        return schema;
    }

    private static JsonObject AnyOf(string? description, params JsonObject[] branches)
    {
        var schema = new JsonObject { ["anyOf"] = new JsonArray([.. branches]) };
        return description is null ? schema : schema.With("description", description);
    }

    private static JsonObject Of(string type, string description) => new() { ["type"] = type, ["description"] = description };

    private static JsonObject Without(JsonObject schema, string keyword)
    {
        schema.Remove(keyword);
        return schema;
    }
}
