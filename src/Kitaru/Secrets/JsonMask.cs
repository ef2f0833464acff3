using System.Buffers;
using System.Text.Json;

namespace Kitaru.Secrets;

/// <summary>Masks the texts and names in JSON, which stays JSON; numbers are left as they are.</summary>
internal static class JsonMask
{
    private const int DepthMax = 1000;
    private static readonly JsonWriterOptions Writing = new() { Encoder = Engine.ValueCodec.Json.Encoder, MaxDepth = DepthMax, SkipValidation = true };

    /// <summary>The same instance when nothing was found.</summary>
    public static byte[] Apply(TextMask mask, byte[] utf8, ISet<string>? owners)
    {
        var buffer = new ArrayBufferWriter<byte>(utf8.Length + 16);
        var names = new Stack<HashSet<string>>();
        var changed = false;
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
            while (reader.Read())
                changed |= Copy(ref reader, writer, mask, names, owners);
        }
        return changed ? buffer.WrittenSpan.ToArray() : utf8;
    }

    private static bool Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer, TextMask mask, Stack<HashSet<string>> names, ISet<string>? owners)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push(new HashSet<string>(StringComparer.Ordinal));
                writer.WriteStartObject();
                return false;
            case JsonTokenType.EndObject:
                names.Pop();
                writer.WriteEndObject();
                return false;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                return false;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                return false;
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                var masked = mask.Apply(name, owners);
                writer.WritePropertyName(Unique(masked, names.Peek()));
                return !ReferenceEquals(name, masked);
            case JsonTokenType.String:
                var text = reader.GetString()!;
                var shown = mask.Apply(text, owners);
                writer.WriteStringValue(shown);
                return !ReferenceEquals(text, shown);
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                return false;
        }
    }

    /// <summary>Two names may have become one, and an object names nothing twice.</summary>
    private static string Unique(string name, HashSet<string> names)
    {
        var unique = name;
        for (var number = 2; !names.Add(unique); number++)
            unique = $"{name}{number}";
        return unique;
    }
}
