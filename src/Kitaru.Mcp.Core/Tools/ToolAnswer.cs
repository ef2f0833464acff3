using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>What a tool answers: the structured result and the text that says it in short.</summary>
internal sealed class ToolAnswer
{
    private byte[]? _bytes;
    private byte[]? _shortBytes;
    private ShortForm? _form;

    public ToolAnswer(JsonObject structured, string? text) => (Structured, OwnText) = (structured, text);

    public JsonObject Structured { get; }

    /// <summary>The text when it is not JSON; else it is <see cref="ShortBytes"/>.</summary>
    public string? OwnText { get; }

    /// <summary>The text, whatever it is.</summary>
    public string Text => OwnText ?? Encoding.UTF8.GetString(ShortBytes.Span);

    /// <summary>The result as JSON in short; the whole as long as nobody has said how it is shortened.</summary>
    public ReadOnlyMemory<byte> ShortBytes => _form is null ? Bytes : _shortBytes ??= Shorten(_form);

    /// <summary>The structured result as it goes over the wire, written once; after that it must not be changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes ??= KitaruJson.WriteBytes(Structured);

    /// <summary>Whether several calls answer it: then its structure belongs to none of them.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Says how the text is made shorter than the structured result.</summary>
    public ToolAnswer In(ShortForm form)
    {
        _form ??= form;
        return this;
    }

    /// <summary>Several calls are about to answer it.</summary>
    public void Share() => IsShared = true;

    /// <summary>An object; its text is JSON.</summary>
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

    private byte[] Shorten(ShortForm form)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = KitaruJson.Options.Encoder, SkipValidation = true }))
            form.Write(writer, Structured);
        return buffer.WrittenSpan.ToArray();
    }
}
