using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class ArtifactService(IStore store, LargeValues values, IArtifactStore files) : IArtifacts
{
    public async Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default) =>
        await store.Artifacts.FindAsync(id, cancellationToken).ConfigureAwait(false)
        ?? throw new KitaruNotFoundException($"There is no artifact {id}.", "List an execution's artifacts to see their ids: kitaru_artifacts_list.");

    public async Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken = default)
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
        return await files.ReadAsync(value.Hash, offset, count, cancellationToken).ConfigureAwait(false);
    }

    public Task<byte[]> ReadAllAsync(StoredValue value, CancellationToken cancellationToken = default) =>
        ReadAsync(value, 0, (int)Math.Min(value.SizeBytes, Array.MaxLength), cancellationToken);

    public Task<StoredValue> StoreAsync(StoredValue value, CancellationToken cancellationToken = default) =>
        values.KeepAsync(value, cancellationToken);
}
