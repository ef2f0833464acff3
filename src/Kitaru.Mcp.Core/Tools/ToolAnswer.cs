using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>What a tool answers: the structured result and the text that says the same.</summary>
internal sealed record ToolAnswer(JsonObject Structured, string Text)
{
    /// <summary>An object; its text is the same as compact JSON.</summary>
    public static ToolAnswer Of(JsonObject structured) => new(structured, KitaruJson.Write(structured));

    /// <summary>A plain text under the key <c>result</c>.</summary>
    public static ToolAnswer OfText(string text) => new(new JsonObject { ["result"] = text }, text);

    /// <summary>A page of a list.</summary>
    public static ToolAnswer OfList(IEnumerable<JsonObject> items, long total, string? nextCursor) => Of(new JsonObject
    {
        ["result"] = new JsonArray([.. items]),
        ["total"] = total,
        ["next_cursor"] = nextCursor,
    });
}
