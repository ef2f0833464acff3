using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Whose code a snapshot is.</summary>
internal static class SnapshotUse
{
    /// <summary>From one snapshot to the next along the index, past the executions of each.</summary>
    private static readonly Sql UsedSql = new(
        """
        WITH RECURSIVE used (id) AS (
            SELECT min(snapshot_id) FROM execution
            UNION ALL
            SELECT (SELECT min(snapshot_id) FROM execution WHERE snapshot_id > used.id) FROM used WHERE used.id IS NOT NULL)
        SELECT id FROM used WHERE id IS NOT NULL
        UNION SELECT code_before FROM execution WHERE code_before IS NOT NULL
        UNION SELECT snapshot_id FROM worker
        UNION SELECT snapshot_id FROM deployment
        """);

    private static readonly Sql IsUsedSql = new(
        """
        SELECT EXISTS (SELECT 1 FROM execution WHERE snapshot_id = ?1) OR EXISTS (SELECT 1 FROM worker WHERE snapshot_id = ?1)
            OR EXISTS (SELECT 1 FROM deployment WHERE snapshot_id = ?1)
            OR EXISTS (SELECT 1 FROM execution WHERE code_before = ?1 AND code_before IS NOT NULL)
        """);

    private static readonly Sql ForgetSql = new("DELETE FROM snapshot WHERE snapshot_id = ?1");

    public static IReadOnlySet<SnapshotId> FindUsed(Connection connection)
    {
        var used = new HashSet<SnapshotId>();
        using var row = connection.Use(UsedSql);
        while (row.Step())
            used.Add(new SnapshotId(row.Text()));
        return used;
    }

    public static bool RemoveIfUnused(Connection connection, SnapshotId id, Func<bool> remove)
    {
        using (var used = connection.Use(IsUsedSql))
        {
            used.Bind(id.Value).Step();
            if (used.Boolean())
                return false;
        }
        if (!remove())
            return false;
        using var forget = connection.Use(ForgetSql);
        forget.Bind(id.Value).Run();
        return true;
    }
}
