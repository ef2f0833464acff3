using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Tools;

/// <summary>What no text in an argument may be, whatever the tool: too long, cut in the middle of a character, or with a NUL, which not every store can hold.</summary>
internal static class TextCheck
{
    /// <summary>For texts that stand alone, such as names and ids; objects and other JSON values have limits where they are used.</summary>
    public const int CharsMax = 8192;

    /// <summary>What was expected and what was seen instead; null when nothing is wrong.</summary>
    public static (string Expected, string Got)? Fault(Argument argument, JsonNode? value)
    {
        if (value is null)
            return null;
        try
        {
            // Lists may come as JSON text, whose length is not that of its items.
            var type = argument.Schema["type"]?.ToString();
            return Walk(value, isPlain: type == "string" || (type == "array" && value is JsonArray));
        }
        catch (InvalidOperationException)
        {
            return ("text of whole Unicode characters", "half of a surrogate pair");
        }
    }

    private static (string, string)? Walk(JsonNode? node, bool isPlain)
    {
        switch (node)
        {
            case JsonObject members:
                return members.Select(member => Text(member.Key, isPlain) ?? Walk(member.Value, isPlain)).FirstOrDefault(fault => fault is not null);
            case JsonArray items:
                return items.Select(item => Walk(item, isPlain)).FirstOrDefault(fault => fault is not null);
            case JsonValue when node.GetValueKind() == JsonValueKind.String:
                return Text(node.GetValue<string>(), isPlain);
            default:
                return null;
        }
    }

    private static (string, string)? Text(string text, bool isPlain)
    {
        if (!isPlain)
            return null;
        if (text.Length > CharsMax)
            return ($"text of at most {CharsMax} characters", $"{text.Length} characters");
        return text.Contains('\0', StringComparison.Ordinal) ? ("text without the control character NUL", "a NUL") : null;
    }
}
