using Kitaru.ControlPlane.Maintenance;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.Postgres;

/// <summary>
/// Large values no row refers to. A value's row is held before the references are looked at, and who is about to refer to it holds it too: one of the two
/// comes first.
/// </summary>
internal sealed class PostgresValueSweep(PostgresSession session) : IValueSweep
{
    private const int BatchMax = 64;

    private static readonly Sql OldSql = new(
        """
        SELECT v.hash, v.size FROM large_value v WHERE v.stored_at < ?1 AND v.hash > ?2
        ORDER BY v.hash LIMIT ?3
        """);

    private static readonly Sql TotalSql = new("SELECT count(*), coalesce(sum(size), 0) FROM large_value");
    private static readonly Sql HoldSql = new("SELECT size FROM large_value WHERE hash = ?1 AND stored_at < ?2 FOR UPDATE");
    private static readonly Sql DeleteSql = new("DELETE FROM large_value WHERE hash = ?1");

    private DateTimeOffset StoredBefore => session.Now - LargeValueSweep.Grace;

    public Task<FilesSize> MeasureAsync(CancellationToken cancellationToken) => session.ReadAsync(
        connection =>
        {
            var (count, bytes, left) = (0L, 0L, new Removed());
            using (var total = connection.Use(TotalSql))
            {
                total.Step();
                (count, bytes) = (total.Int64(), total.Int64());
            }
            foreach (var (hash, size) in Old(connection, [], int.MaxValue))
            {
                if (!LargeReferences.IsReferenced(connection, hash))
                    left += new Removed(1, size);
            }
            return new FilesSize(count, bytes, left.Count, left.Bytes);
        },
        cancellationToken);

    public async Task<Removed> SweepAsync(CancellationToken cancellationToken)
    {
        var removed = new Removed();
        byte[] after = [];
        while (true)
        {
            var some = await session.ReadAsync(
                connection => Old(connection, after, BatchMax).Select(value => (value.Hash, IsFree: !LargeReferences.IsReferenced(connection, value.Hash))).ToList(), cancellationToken)
                .ConfigureAwait(false);
            if (some.Count == 0)
                return removed;
            removed += await RemoveAsync(some.Where(value => value.IsFree).Select(value => value.Hash), cancellationToken).ConfigureAwait(false);
            after = Convert.FromHexString(some[^1].Hash);
        }
    }

    public async Task<Removed> RemoveAsync(IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        var removed = new Removed();
        foreach (var batch in hashes.Order(StringComparer.Ordinal).Chunk(BatchMax))
        {
            removed += await session.WriteAloneAsync(
                connection => batch.Aggregate(new Removed(), (sum, hash) => sum + RemoveIfFree(connection, hash)), cancellationToken).ConfigureAwait(false);
        }
        return removed;
    }

    private Removed RemoveIfFree(Connection connection, string hash)
    {
        long size;
        using (var hold = connection.Use(HoldSql))
        {
            if (!hold.Bind(Convert.FromHexString(hash)).Bind(StoredBefore).Step())
                return default;
            size = hold.Int64();
        }
        if (LargeReferences.IsReferenced(connection, hash))
            return default;
        using var delete = connection.Use(DeleteSql);
        delete.Bind(Convert.FromHexString(hash)).Post();
        return new Removed(1, size);
    }

    private List<(string Hash, long Size)> Old(Connection connection, byte[] after, int max)
    {
        var values = new List<(string, long)>();
        using var row = connection.Use(OldSql);
        row.Bind(StoredBefore).Bind(after).Bind((long)max);
        while (row.Step())
            values.Add((Convert.ToHexStringLower(row.Bytes()), row.Int64()));
        return values;
    }
}
