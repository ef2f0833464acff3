using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>
/// Large values no row refers to. One is removed inside a transaction that sees no reference, and a row that refers to one is committed only by
/// a transaction that sees the file: one of the two comes first, so no row ever refers to nothing. The grace time spares writers that have
/// stored a value and are about to commit its row the trouble of doing it again.
/// </summary>
internal sealed class LargeValueSweep(IRetentionStore store, LocalArtifactFiles files, TimeProvider time) : IValueSweep
{
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int BatchMax = 64;
    private const int LookMax = 1000;

    private DateTimeOffset StoredBefore => time.GetUtcNow() - Grace;

    public async Task<FilesSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var limit = StoredBefore;
        var (count, bytes, left) = (0L, 0L, new Removed());
        foreach (var chunk in files.Values().Chunk(LookMax))
        {
            count += chunk.Length;
            bytes += chunk.Sum(Files.SizeOf);
            var unreferenced = (await FindUnreferencedAsync(chunk, limit, cancellationToken).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
            left += new Removed(unreferenced.Count, chunk.Where(file => unreferenced.Contains(file.Name)).Sum(Files.SizeOf));
        }
        foreach (var leftover in files.Leftovers().Where(file => file.LastWriteTimeUtc < limit.UtcDateTime))
        {
            var size = Files.SizeOf(leftover);
            (count, bytes, left) = (count + 1, bytes + size, left + new Removed(1, size));
        }
        return new FilesSize(count, bytes, left.Count, left.Bytes);
    }

    public async Task<Removed> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = new Removed();
        foreach (var chunk in files.Values().Chunk(LookMax))
            removed += await RemoveAsync(await FindUnreferencedAsync(chunk, StoredBefore, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        foreach (var leftover in files.Leftovers().Where(file => file.LastWriteTimeUtc < StoredBefore.UtcDateTime).ToList())
            removed += Files.Remove(leftover);
        return removed;
    }

    public async Task<Removed> RemoveAsync(IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        var removed = new Removed();
        foreach (var batch in hashes.Chunk(BatchMax))
        {
            var limit = StoredBefore;
            var away = new List<FileInfo>();
            await store.RemoveUnreferencedAsync(
                batch,
                hash =>
                {
                    if (files.TakeAway(hash, limit) is { } file)
                        away.Add(file);
                },
                cancellationToken).ConfigureAwait(false);
            // Behind the transaction: deleting a large file takes a while.
            foreach (var file in away)
                removed += Files.Remove(file);
        }
        return removed;
    }

    private Task<IReadOnlyList<string>> FindUnreferencedAsync(IEnumerable<FileInfo> chunk, DateTimeOffset limit, CancellationToken cancellationToken) =>
        store.FindUnreferencedAsync(
            [.. chunk.Where(file => file.LastWriteTimeUtc < limit.UtcDateTime && LocalArtifactStore.IsHash(file.Name)).Select(file => file.Name)], cancellationToken);
}
