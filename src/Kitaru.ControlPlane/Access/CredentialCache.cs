using System.Collections.Concurrent;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Access;

/// <summary>Keys and their accounts as they were a moment ago: one read of the store per key and moment, and a revocation is seen by every replica when the moment is over.</summary>
internal sealed class CredentialCache(AccessStore store, TimeProvider time)
{
    private const int EntriesMax = 10_000;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<ApiKeyId, Entry> _entries = [];

    /// <summary>Null when there is no such key; that is kept for a moment too, so that guessing costs the store nothing.</summary>
    public async Task<(StoredApiKey Key, ServiceAccount Account)?> FindAsync(ApiKeyId id, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(id, out var known) && time.GetElapsedTime(known.ReadAt) < Moment)
            return known.Found;
        var readAt = time.GetTimestamp();
        var found = await store.ReadAsync<(StoredApiKey, ServiceAccount)?>(
            connection => ApiKeyRow.Find(connection, id) is { } key && AccountRow.Find(connection, key.Key.ServiceAccountId) is { } account ? (key, account) : null,
            cancellationToken).ConfigureAwait(false);
        if (_entries.Count >= EntriesMax)
            _entries.Clear();
        _entries[id] = new Entry(found, readAt);
        return found;
    }

    /// <summary>Forgets all, after a change that this process made itself.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Forgets one.</summary>
    public void Clear(ApiKeyId id) => _entries.TryRemove(id, out _);

    private sealed record Entry((StoredApiKey Key, ServiceAccount Account)? Found, long ReadAt);
}
