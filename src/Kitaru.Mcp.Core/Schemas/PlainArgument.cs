using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Schemas;

/// <summary>
/// The short way for what nearly every call gives: a text, one of some words, a whole number or a flag that is as it should be. Whatever is not, or may not be, goes the long way, which can say
/// what is wrong.
/// </summary>
internal sealed class PlainArgument
{
    private string _type = "";
    private string[]? _words;
    private long _least = long.MinValue;
    private long _most = long.MaxValue;

    /// <summary>Null when the schema says more than this can check.</summary>
    public static PlainArgument? Of(JsonObject schema)
    {
        var plain = new PlainArgument();
        foreach (var (keyword, rule) in schema)
        {
            switch (keyword)
            {
                case "description" or "examples" or "default":
                    break;
                case "type" when rule is JsonValue:
                    plain._type = rule.ToString();
                    break;
                // An empty text goes the long way.
                case "minLength" when rule is JsonValue least && least.TryGetValue(out int length) && length <= 1:
                    break;
                case "enum" when rule is JsonArray words && words.All(word => word?.GetValueKind() == JsonValueKind.String):
                    plain._words = [.. words.Select(word => word!.ToString())];
                    break;
                case "minimum" when rule is JsonValue least && least.TryGetValue(out plain._least):
                    break;
                case "maximum" when rule is JsonValue most && most.TryGetValue(out plain._most):
                    break;
                default:
                    return null;
            }
        }
        return plain._type is "string" || (plain._words is null && plain._type is "integer" or "boolean") ? plain : null;
    }

    /// <summary>What was given, when it is certain that it is right.</summary>
    public bool TryTake(JsonElement given, out JsonNode? value)
    {
        value = (_type, given.ValueKind) switch
        {
            ("string", JsonValueKind.String) => TextOf(given),
            ("integer", JsonValueKind.Number) when given.TryGetInt64(out var number) && number >= _least && number <= _most => JsonValue.Create(number),
            ("boolean", JsonValueKind.True) => JsonValue.Create(true),
            ("boolean", JsonValueKind.False) => JsonValue.Create(false),
            _ => null,
        };
        return value is not null;
    }

    private JsonValue? TextOf(JsonElement given)
    {
        string text;
        try
        {
            text = given.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
        return text.Length is > 0 and <= TextCheck.CharsMax && !text.Contains('\0', StringComparison.Ordinal) && (_words is null || _words.AsSpan().Contains(text)) ? JsonValue.Create(text) : null;
    }
}
