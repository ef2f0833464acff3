using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>What kind of value a node is, in the words of JSON Schema.</summary>
internal static class JsonShape
{
    public static bool Is(JsonNode? value, string type) => type switch
    {
        "integer" => IsInteger(value),
        "null" or "boolean" or "number" or "string" or "array" or "object" => type == Name(value) || (type == "number" && IsInteger(value)),
        _ => true,
    };

    /// <summary>The JSON Schema word; an integral number is <c>integer</c>.</summary>
    public static string Name(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null or JsonValueKind.Undefined => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => IsInteger(value) ? "integer" : "number",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        _ => "object",
    };

    /// <summary>Kind and, where it is short, the value: <c>string "abc"</c>.</summary>
    public static string Describe(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray items => $"array of {items.Count}",
        JsonObject members => $"object with {members.Count} keys",
        _ => $"{Name(value)} {Texts.Short(KitaruJson.Write(value), 80)}",
    };

    public static bool TryText(JsonValue value, out string text)
    {
        text = "";
        if (value.GetValueKind() != JsonValueKind.String)
            return false;
        // A node made from a date or an id is text too, but only its JSON tells.
        text = value.TryGetValue<string>(out var plain) ? plain : ((JsonValue)KitaruJson.Parse(KitaruJson.Write(value))!).GetValue<string>();
        return true;
    }

    /// <summary>Exact where a decimal can hold it, else the nearest double.</summary>
    public static (decimal? Exact, double Near) Number(JsonNode value)
    {
        var text = value.ToJsonString();
        var near = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? (exact, near) : (null, near);
    }

    private static bool IsInteger(JsonNode? value)
    {
        if (value?.GetValueKind() != JsonValueKind.Number)
            return false;
        var (exact, near) = Number(value);
        return exact is { } number ? decimal.IsInteger(number) : double.IsInteger(near);
    }
}
