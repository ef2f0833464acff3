using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>The one way JSON is read and written: camelCase, text as it is instead of \u escapes, a repeated key is an error.</summary>
public static class KitaruJson
{
    /// <summary>How deep hostile JSON may be nested.</summary>
    public const int DepthMax = 64;

    /// <summary>Compact; for values, the wire and files.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>Indented; for people.</summary>
    public static JsonSerializerOptions Indented { get; } = Create(indented: true);

    /// <summary>Compact text of a node; a null node is <c>null</c>.</summary>
    public static string Write(JsonNode? node) => node is null ? "null" : node.ToJsonString(Options);

    /// <summary>UTF-8 bytes of a node.</summary>
    public static byte[] WriteBytes(JsonNode? node)
    {
        if (node is null)
            return "null"u8.ToArray();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Options.Encoder, SkipValidation = true }))
            node.WriteTo(writer, Options);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>How many UTF-8 bytes a node takes; they are kept nowhere.</summary>
    public static int Size(JsonNode node)
    {
        using var nowhere = new CountedBytes();
        using var writer = new Utf8JsonWriter(nowhere, new JsonWriterOptions { Encoder = Options.Encoder, SkipValidation = true });
        node.WriteTo(writer, Options);
        return (int)(writer.BytesCommitted + writer.BytesPending);
    }

    /// <summary>Reads a node.</summary>
    /// <exception cref="JsonException">The text is not JSON, nested too deep, or repeats a key.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8) => JsonNode.Parse(utf8, documentOptions: DocumentOptions);

    /// <summary>Reads a node.</summary>
    /// <exception cref="JsonException">The text is not JSON, nested too deep, or repeats a key.</exception>
    public static JsonNode? Parse(string text) => JsonNode.Parse(text, documentOptions: DocumentOptions);

    private static JsonDocumentOptions DocumentOptions => new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    private static JsonSerializerOptions Create(bool indented) => new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        WriteIndented = indented,
    };
}
