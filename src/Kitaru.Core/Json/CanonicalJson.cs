using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kitaru.Core.Json;

/// <summary>JSON in one spelling, so that equal values have equal hashes: compact, keys sorted, numbers as they were written.</summary>
public static class CanonicalJson
{
    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = KitaruJson.DepthMax, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Writing = new() { Encoder = KitaruJson.Options.Encoder };

    /// <summary>SHA-256 in lower-case hex of the JSON with its keys sorted; null when it is not JSON.</summary>
    public static string? Hash(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, Reading);
            using var buffer = new MemoryStream();
            using (var writer = new Utf8JsonWriter(buffer, Writing))
                Write(writer, document.RootElement);
            return Convert.ToHexStringLower(SHA256.HashData(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Damaged, or text that is not Unicode.
            return null;
        }
    }

    /// <summary>The bytes of a node in that spelling.</summary>
    public static byte[] Bytes(JsonNode? node)
    {
        using var document = JsonDocument.Parse(KitaruJson.WriteBytes(node), Reading);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            Write(writer, document.RootElement);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
