using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

/// <summary>A given value in the form of the recorded one it takes the place of.</summary>
internal static class OverriddenValue
{
    public static StoredValue Of(string key, StoredValue recorded, JsonNode? value)
    {
        switch (recorded.MediaType)
        {
            case StoredValue.Text when value is JsonValue text && text.TryGetValue<string>(out var content):
                return StoredValue.Of(StoredValue.Text, recorded.TypeName, Encoding.UTF8.GetBytes(content));
            case StoredValue.Text when value is not null:
                throw Unfit(key, "a text", value, "\"urgent\"");
            case StoredValue.Bytes:
                return StoredValue.Of(StoredValue.Bytes, recorded.TypeName, Bytes(key, value));
            default:
                return StoredValue.Of(StoredValue.Json, recorded.TypeName, KitaruJson.WriteBytes(value));
        }
    }

    private static byte[] Bytes(string key, JsonNode? value)
    {
        if (value is JsonValue text && text.TryGetValue<string>(out var base64))
        {
            var bytes = new byte[base64.Length];
            if (Convert.TryFromBase64String(base64, bytes, out var count))
                return bytes[..count];
        }
        throw Unfit(key, "bytes", value, "base64 text, \"SGk=\"");
    }

    private static KitaruUsageException Unfit(string key, string recorded, JsonNode? value, string example) => new(
        $"Checkpoint '{key}' recorded {recorded}; the override is {Texts.Short(KitaruJson.Write(value))}.", $"Give the same kind of value, for example {example}.");
}
