using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Keeps rows small: a value above the inline limit goes to the artifact store before its row is written.</summary>
internal sealed class LargeValues(IArtifactStore files)
{
    public static bool IsLarge(StoredValue? value) => value is { Inline.Length: > StoredValue.InlineBytesMax };

    public async Task<StoredValue?> KeepOrNullAsync(StoredValue? value, CancellationToken cancellationToken) =>
        value is null ? null : await KeepAsync(value, cancellationToken).ConfigureAwait(false);

    public async Task<StoredValue> KeepAsync(StoredValue value, CancellationToken cancellationToken)
    {
        if (!IsLarge(value))
            return value;
        // The hash names the file that later values share, so it is not taken on trust.
        var stored = StoredValue.Of(value.MediaType, value.TypeName, value.Inline!);
        if (stored.Hash != value.Hash || stored.SizeBytes != value.SizeBytes)
            throw new KitaruUsageException($"A value's hash does not fit its bytes: expected {stored.Hash}, got {Texts.Short(value.Hash)}.");
        await files.PutAsync(stored.Hash, value.Inline, cancellationToken).ConfigureAwait(false);
        return stored with { Inline = null };
    }
}
