using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>Text that a client sent in place of JSON.</summary>
internal static class JsonText
{
    /// <summary>True when the text is a JSON object, array or null; numbers, booleans and quoted strings stay text.</summary>
    public static bool TryDecode(string text, out JsonNode? value)
    {
        value = null;
        if (text.AsSpan().Trim() is not ("null" or ['{', ..] or ['[', ..]))
            return false;
        try
        {
            value = KitaruJson.Parse(text);
            return value is null or JsonObject or JsonArray;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
