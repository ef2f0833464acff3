using System.Collections.Concurrent;
using Kitaru.Core;

namespace Kitaru.Testing;

/// <summary>Large values in memory, under their hash.</summary>
internal sealed class MemoryArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<string, byte[]> _byHash = new(StringComparer.Ordinal);

    public Task PutAsync(string hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        _byHash.TryAdd(hash, bytes.ToArray());
        return Task.CompletedTask;
    }

    public Task<byte[]> ReadAsync(string hash, long offset, int count, CancellationToken cancellationToken = default) =>
        _byHash.TryGetValue(hash, out var bytes)
            ? Task.FromResult(bytes.AsSpan((int)Math.Min(offset, bytes.Length)) is var rest ? rest[..Math.Min(count, rest.Length)].ToArray() : [])
            : Task.FromException<byte[]>(new KitaruNotFoundException($"There are no bytes with the hash {hash}.", "Store them first."));
}
