using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>What a tool answers: the structured result and the text that says the same.</summary>
internal sealed class ToolAnswer
{
    private string? _text;
    private byte[]? _bytes;

    public ToolAnswer(JsonObject structured, string? text) => (Structured, _text, TextIsJson) = (structured, text, text is null);

    public JsonObject Structured { get; }

    /// <summary>Whether the text is the same as compact JSON.</summary>
    public bool TextIsJson { get; }

    public string Text => _text ??= KitaruJson.Write(Structured);

    /// <summary>The structured result as it goes over the wire, written once; after that it must not be changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ??= KitaruJson.WriteBytes(Structured);

    /// <summary>Whether several calls answer it: then its structure belongs to none of them.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Several calls are about to answer it.</summary>
    public void Share() => IsShared = true;

    /// <summary>An object; its text is the same as compact JSON.</summary>
    public static ToolAnswer Of(JsonObject structured) => new(structured, null);

    /// <summary>The same, of which the bytes are known.</summary>
    public static ToolAnswer Of(JsonObject structured, byte[] bytes) => new(structured, null) { _bytes = bytes };

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
