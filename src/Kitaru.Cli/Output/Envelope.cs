using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Cli.Output;

/// <summary>What programs read: one line of JSON. Nulls directly in an envelope are left out, those inside its item are not.</summary>
internal static class Envelope
{
    public static string Item(string command, JsonNode? item) => Write(new JsonObject { ["command"] = command }, ("item", item));

    public static string List(string command, IReadOnlyList<JsonNode> items) =>
        Write(new JsonObject { ["command"] = command, ["items"] = new JsonArray([.. items]), ["count"] = items.Count });

    public static string Event(string command, string name, JsonNode? item) => Write(new JsonObject { ["command"] = command, ["event"] = name }, ("item", item));

    public static string Error(string command, string message, string? type)
    {
        var error = new JsonObject { ["message"] = message };
        if (type is not null)
            error["type"] = type;
        return Write(new JsonObject { ["command"] = command, ["error"] = error });
    }

    private static string Write(JsonObject envelope, params ReadOnlySpan<(string Key, JsonNode? Value)> more)
    {
        foreach (var (key, value) in more)
        {
            if (value is not null)
                envelope[key] = value;
        }
        return KitaruJson.Write(envelope);
    }
}
