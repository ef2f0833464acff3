using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

/// <summary>Hashes of values that do not depend on the order of keys; each content is read once, however many calls hold it.</summary>
internal sealed class ValueHashes(IArtifacts artifacts)
{
    /// <summary>A larger value is not read: its hash is null, and it differs from every other content.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    private readonly Dictionary<(string MediaType, string Hash), string?> _known = [];

    /// <summary>SHA-256 of the value's JSON with sorted keys: a text is a JSON string, bytes are one in base64. Null when it cannot be read.</summary>
    public Task<string?> OfAsync(ArtifactRecord? artifact, CancellationToken cancellationToken) => artifact is null
        ? Task.FromResult<string?>(null)
        : KnownAsync(artifact.Value, async () => (await artifacts.GetAsync(artifact.Id, cancellationToken).ConfigureAwait(false)).Value, cancellationToken);

    /// <summary>The same of a value whose bytes are at hand or in the artifact store.</summary>
    public Task<string?> OfAsync(StoredValue? value, CancellationToken cancellationToken) => value is null
        ? Task.FromResult<string?>(null)
        : KnownAsync(value, () => Task.FromResult(value), cancellationToken);

    private async Task<string?> KnownAsync(StoredValue listed, Func<Task<StoredValue>> find, CancellationToken cancellationToken)
    {
        var content = (listed.MediaType, listed.Hash);
        if (!_known.TryGetValue(content, out var hash))
            _known[content] = hash = listed.SizeBytes > BytesMax ? null : await ReadAsync(find, cancellationToken).ConfigureAwait(false);
        return hash;
    }

    private async Task<string?> ReadAsync(Func<Task<StoredValue>> find, CancellationToken cancellationToken)
    {
        try
        {
            var value = await find().ConfigureAwait(false);
            var bytes = await artifacts.ReadAllAsync(value, cancellationToken).ConfigureAwait(false);
            return CanonicalJson.Hash(value.MediaType switch
            {
                StoredValue.Json => bytes,
                StoredValue.Text => KitaruJson.WriteBytes(JsonValue.Create(Encoding.UTF8.GetString(bytes))),
                _ => KitaruJson.WriteBytes(JsonValue.Create(Convert.ToBase64String(bytes))),
            });
        }
        catch (KitaruNotFoundException)
        {
            return null;
        }
    }
}
