using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Approvals;

/// <summary>One field of a form: what elicitation takes of JSON Schema.</summary>
internal static class FormField
{
    private const string Type = "type";
    private static readonly string[] Formats = ["email", "uri", "date", "date-time"];

    /// <summary>The field for a value of this schema; null when it needs more than one.</summary>
    public static JsonObject? Of(JsonObject? schema) => schema is null ? null : TypeOf(schema) switch
    {
        "boolean" => Copy(schema, "boolean"),
        "integer" => Copy(schema, "integer", "minimum", "maximum"),
        "number" => Copy(schema, "number", "minimum", "maximum"),
        "string" when schema["enum"] is JsonArray words => AllText(words) ? Copy(schema, "string", "enum") : null,
        "string" when schema["oneOf"] is JsonArray choices => AreTitled(choices) ? Copy(schema, "string", "oneOf") : null,
        "string" when schema["format"] is { } format && Formats.Contains(format.ToString()) => Copy(schema, "string", "minLength", "maxLength", "format"),
        "string" => Copy(schema, "string", "minLength", "maxLength"),
        "array" when schema["items"] is JsonObject items && items["enum"] is JsonArray words && AllText(words) =>
            Copy(schema, "array", "minItems", "maxItems").With("items", new JsonObject { [Type] = "string", ["enum"] = words.DeepClone() }),
        _ => null,
    };

    /// <summary>The field with what stands in it at first, when that fits.</summary>
    public static JsonObject With(JsonObject field, JsonNode? suggestion)
    {
        if (suggestion is not null && JsonSchemaValidator.Validate(field, suggestion).Count == 0)
            field["default"] = suggestion.DeepClone();
        return field;
    }

    private static JsonObject Copy(JsonObject schema, string type, params string[] keywords)
    {
        var field = new JsonObject { [Type] = type };
        foreach (var keyword in (string[])["title", "description", .. keywords])
        {
            if (schema[keyword] is { } value)
                field[keyword] = value.DeepClone();
        }
        return With(field, schema["default"]);
    }

    private static JsonObject With(this JsonObject field, string name, JsonNode value)
    {
        field[name] = value;
        return field;
    }

    /// <summary>The type, or the one beside null; an enum of texts needs none.</summary>
    private static string? TypeOf(JsonObject schema) => schema[Type] switch
    {
        JsonArray types => types.Select(type => type?.ToString()).Where(type => type != "null").ToList() is [var one] ? one : null,
        JsonValue type => type.ToString(),
        _ => schema["enum"] is JsonArray words && AllText(words) ? "string" : null,
    };

    private static bool AllText(JsonArray words) => words.Count > 0 && words.All(word => word is not null && word.GetValueKind() == JsonValueKind.String);

    private static bool AreTitled(JsonArray choices) => choices.Count > 0 && choices.All(choice =>
        choice is JsonObject { Count: 2 } item && item["const"]?.GetValueKind() == JsonValueKind.String && item["title"]?.GetValueKind() == JsonValueKind.String);
}
