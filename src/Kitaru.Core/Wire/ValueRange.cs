using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>A value, whole or a range of its bytes.</summary>
/// <param name="Value">The JSON value; a part of a text; or base64.</param>
/// <param name="Format">json (a whole value), text (a part of a JSON or text value), base64 (bytes).</param>
/// <param name="Offset">The first byte of it.</param>
/// <param name="NextOffset">Where the next range starts, or null at the end.</param>
public sealed record ValueRange(JsonNode? Value, string Format, long Offset, long? NextOffset)
{
    /// <summary>Whether something of the value is missing here.</summary>
    public bool Truncated => Offset > 0 || NextOffset is not null;

    /// <summary>Reads <paramref name="count"/> bytes from <paramref name="offset"/>, or the whole value when it fits.</summary>
    public static async Task<ValueRange> ReadAsync(
        IArtifacts artifacts, StoredValue value, long offset, int count, CancellationToken cancellationToken = default)
    {
        var bytes = await artifacts.ReadAsync(value, offset, count, cancellationToken).ConfigureAwait(false);
        if (offset == 0 && bytes.Length == value.SizeBytes && ValueJson.TryWhole(value, bytes, out var whole))
            return new ValueRange(whole, "json", 0, null);
        if (value.MediaType is not (StoredValue.Json or StoredValue.Text))
            return new ValueRange(Convert.ToBase64String(bytes), "base64", offset, Next(offset + bytes.Length, value));
        var text = Utf8Range.Text(bytes, out var skipped, out var cut);
        // The last range keeps a damaged tail, or reading would never end.
        var end = offset + bytes.Length - (offset + bytes.Length < value.SizeBytes && text.Length > 0 ? cut : 0);
        return new ValueRange(text, "text", offset + skipped, Next(end, value));
    }

    private static long? Next(long end, StoredValue value) => end < value.SizeBytes ? end : null;
}
