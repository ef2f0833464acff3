using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Connection;

/// <summary>JSON as YAML in blocks; texts stay in quotes, as JSON writes them, which YAML reads too.</summary>
internal static class YamlText
{
    public static string Of(JsonObject root)
    {
        var text = new StringBuilder();
        Add(text, root, "");
        return text.ToString();
    }

    private static void Add(StringBuilder text, JsonObject members, string indent)
    {
        foreach (var (key, value) in members)
            Add(text.Append(indent).Append(Key(key)).Append(':'), value, indent);
    }

    private static void Add(StringBuilder text, JsonNode? value, string indent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                text.Append('\n');
                Add(text, members, indent + "  ");
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                foreach (var item in items)
                    text.Append(indent).Append("- ").Append(KitaruJson.Write(item)).Append('\n');
                break;
            default:
                text.Append(' ').Append(KitaruJson.Write(value)).Append('\n');
                break;
        }
    }

    private static string Key(string key) => key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.') ? key : KitaruJson.Write(JsonValue.Create(key));
}
