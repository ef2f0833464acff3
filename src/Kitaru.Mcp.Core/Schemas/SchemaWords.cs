using System.Text.Json.Nodes;

namespace Kitaru.Mcp.Schemas;

/// <summary>What an argument may be, in words.</summary>
internal static class SchemaWords
{
    public static string Of(JsonObject schema)
    {
        if (schema["enum"] is JsonArray words)
            return "one of " + string.Join(", ", words.Select(word => $"'{word}'"));
        if (schema["anyOf"] is JsonArray choices)
            return string.Join(" or ", choices.Select(choice => Of((JsonObject)choice!)));
        return schema["type"]?.ToString() switch
        {
            "integer" => "an integer" + Range(schema),
            "number" => "a number" + Range(schema),
            "string" when schema["format"] is { } format => $"a string ({format})",
            "string" => "a string that is not empty",
            "boolean" => "true or false",
            "array" => "a list",
            "object" => "an object",
            _ => "a JSON value",
        };
    }

    private static string Range(JsonObject schema) => (schema["minimum"], schema["maximum"]) switch
    {
        ({ } least, { } most) => $" from {least} to {most}",
        ({ } least, null) => $" of at least {least}",
        (null, { } most) => $" of at most {most}",
        _ => "",
    };
}
