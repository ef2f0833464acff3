using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>Recorded values on the wire: JSON as it is while it is small, else a preview that says how to read the rest.</summary>
public static class ValueJson
{
    /// <summary>The largest value that is shown whole inside something else.</summary>
    public const int InlineBytesMax = 4 * 1024;

    /// <summary>How much of a larger one is shown.</summary>
    public const int PreviewBytesMax = 1024;

    /// <summary>The value or its preview; null for null.</summary>
    /// <param name="artifacts">Where the bytes of large values lie.</param>
    /// <param name="value">The value.</param>
    /// <param name="readWith">What reads it whole, for the preview.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<JsonNode?> LoadAsync(
        IArtifacts artifacts, StoredValue? value, string? readWith, CancellationToken cancellationToken = default)
    {
        if (value is null)
            return null;
        var bytes = value.Inline ?? await artifacts.ReadAsync(value, 0, PreviewBytesMax, cancellationToken).ConfigureAwait(false);
        return Inline(value, bytes, readWith);
    }

    /// <summary>The value or its preview, from the bytes at hand.</summary>
    public static JsonNode? Inline(StoredValue value, byte[]? bytes, string? readWith)
    {
        if (bytes is not null && bytes.Length == value.SizeBytes && bytes.Length <= InlineBytesMax && TryWhole(value, bytes, out var whole))
            return whole;
        var isText = value.MediaType is StoredValue.Json or StoredValue.Text;
        return new JsonObject
        {
            ["truncated"] = true,
            ["preview"] = bytes is not null && isText ? Utf8Range.Text(bytes.AsSpan(0, Math.Min(bytes.Length, PreviewBytesMax)), out _, out _) : null,
            ["media_type"] = value.MediaType,
            ["value_type"] = value.TypeName,
            ["size_bytes"] = value.SizeBytes,
            ["hash"] = value.Hash,
            ["read_with"] = readWith,
        };
    }

    /// <summary>All bytes as a JSON value: JSON parsed, text as a string. False for raw bytes and for damaged JSON.</summary>
    public static bool TryWhole(StoredValue value, ReadOnlySpan<byte> bytes, out JsonNode? node)
    {
        node = null;
        if (value.MediaType == StoredValue.Text)
        {
            node = Encoding.UTF8.GetString(bytes);
            return true;
        }
        if (value.MediaType != StoredValue.Json)
            return false;
        try
        {
            node = KitaruJson.Parse(bytes);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
