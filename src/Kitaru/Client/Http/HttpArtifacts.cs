using Kitaru.Core;

namespace Kitaru.Client.Http;

internal sealed class HttpArtifacts(HttpCalls calls, HttpValues values) : IArtifacts
{
    public Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default) =>
        calls.GetAsync<ArtifactRecord>($"artifacts/{id}", cancellationToken);

    public Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken = default) =>
        values.ReadAsync(value, offset, count, cancellationToken);

    public Task<byte[]> ReadAllAsync(StoredValue value, CancellationToken cancellationToken = default) =>
        values.ReadAsync(value, 0, (int)Math.Min(value.SizeBytes, Array.MaxLength), cancellationToken);

    public Task<StoredValue> StoreAsync(StoredValue value, CancellationToken cancellationToken = default) => values.KeepAsync(value, cancellationToken);
}
