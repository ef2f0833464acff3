using Kitaru.Core;

namespace Kitaru.Client.Http;

/// <summary>Large values travel as bytes, before the record that refers to them.</summary>
internal sealed class HttpValues(HttpCalls calls)
{
    private const int HashLength = 64;

    public async Task<StoredValue> KeepAsync(StoredValue value, CancellationToken cancellationToken)
    {
        if (value.Inline is not { Length: > StoredValue.InlineBytesMax } bytes)
            return value;
        var stored = StoredValue.Of(value.MediaType, value.TypeName, bytes);
        if (stored.Hash != value.Hash || stored.SizeBytes != value.SizeBytes)
            throw new KitaruUsageException($"A value's hash does not fit its bytes: expected {stored.Hash}, got {Texts.Short(value.Hash)}.");
        await calls.PutBytesAsync($"values/{stored.Hash}", bytes, cancellationToken).ConfigureAwait(false);
        return stored with { Inline = null };
    }

    public async Task<StoredValue?> KeepOrNullAsync(StoredValue? value, CancellationToken cancellationToken) =>
        value is null ? null : await KeepAsync(value, cancellationToken).ConfigureAwait(false);

    public async Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (value.Inline is { } bytes)
            return offset >= bytes.Length ? [] : bytes.AsSpan((int)offset, (int)Math.Min(count, bytes.Length - offset)).ToArray();
        if (value.SizeBytes <= StoredValue.InlineBytesMax)
        {
            throw new KitaruUsageException(
                "This value was listed without its bytes; they lie beside its record.", "Get the artifact by its id first, then read its value.");
        }
        if (value.Hash.Length != HashLength || !value.Hash.All(char.IsAsciiHexDigitLower))
            throw new KitaruUsageException($"'{Texts.Short(value.Hash)}' is not the SHA-256 of a value: expected 64 lower-case hex digits.");
        return await calls.GetBytesAsync(new Query($"values/{value.Hash}").Add("offset", offset).Add("count", count), cancellationToken).ConfigureAwait(false);
    }
}
