using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Secrets;

/// <summary>Keys as JSON: <c>{"keys": {"1": "base64 of 32 bytes"}}</c>. What is wrong with it is said without any of its text.</summary>
internal static class SecretKeysJson
{
    public static byte[] Write(IEnumerable<SecretKey> keys) => KitaruJson.WriteBytes(new JsonObject
    {
        ["keys"] = new JsonObject(keys.OrderBy(key => key.Version)
            .Select(key => KeyValuePair.Create(key.Version.ToString(CultureInfo.InvariantCulture), (JsonNode?)key.ToBase64()))),
    });

    /// <param name="json">The text.</param>
    /// <param name="place">Where it stands, for messages.</param>
    public static IReadOnlyDictionary<int, SecretKey> Read(ReadOnlySpan<byte> json, string place)
    {
        JsonNode? node;
        try
        {
            node = KitaruJson.Parse(json);
        }
        catch (JsonException)
        {
            throw Bad(place, "it is not JSON");
        }
        if (node is not JsonObject { Count: 1 } root || root["keys"] is not JsonObject { Count: > 0 } entries)
            throw Bad(place, "it must be an object with just \"keys\", an object that is not empty");
        var keys = new Dictionary<int, SecretKey>();
        foreach (var (name, value) in entries)
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version < 1)
                throw Bad(place, "the name of a key must be a whole number from 1");
            var bytes = new byte[SecretKey.Bytes];
            if (value is not JsonValue text || !text.TryGetValue(out string? base64) || !Convert.TryFromBase64String(base64, bytes, out var written) || written != bytes.Length)
                throw Bad(place, $"key {version} must be {SecretKey.Bytes} bytes in base64");
            keys[version] = new SecretKey(version, bytes);
        }
        return keys;
    }

    private static KitaruBackendException Bad(string place, string why) => new(
        $"The keys of secrets in {place} cannot be used: {why}.", "Restore it from a copy; without its keys the secrets that are stored cannot be read.");
}
