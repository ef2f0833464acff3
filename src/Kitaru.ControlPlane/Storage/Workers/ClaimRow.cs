using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Gives runnable executions to a worker.</summary>
internal static class ClaimRow
{
    /// <summary>Its workers died more than once since its last recorded call: it may be what kills them.</summary>
    private const string Suspect = "stalls >= 2 AND stalled_seq >= (SELECT coalesce(max(j.seq), 0) FROM journal j WHERE j.exec_id = execution.exec_id)";

    private static readonly Sql NextSql = Sql.Of(dialect =>
        $"""
        SELECT exec_id, {Suspect} FROM execution
        WHERE runnable_at IS NOT NULL AND snapshot_id = ?1 AND environment_id = ?4 AND runnable_at <= ?2
          AND (?5 IS NULL OR flow_id IN (SELECT f.flow_id FROM flow f WHERE f.name IN {Sql.Items(dialect, "?5")}))
          AND (?6 IS NULL OR flow_id NOT IN (SELECT f.flow_id FROM flow f WHERE f.name IN {Sql.Items(dialect, "?6")}))
          AND (NOT ({Suspect}) OR exec_id = (
                SELECT exec_id FROM execution
                WHERE runnable_at IS NOT NULL AND snapshot_id = ?1 AND environment_id = ?4 AND runnable_at <= ?2 AND {Suspect}
                ORDER BY runnable_at, exec_id LIMIT 1))
        ORDER BY runnable_at, exec_id
        LIMIT ?3 {SkipLocked(dialect)}
        """);

    private static readonly Sql AnySql = new(
        """
        SELECT EXISTS (
            SELECT 1 FROM execution
            WHERE runnable_at IS NOT NULL AND snapshot_id = ?1 AND environment_id = ?3 AND runnable_at <= ?2)
        """);

    private static readonly Sql HoldsSuspectSql = new($"SELECT EXISTS (SELECT 1 FROM execution WHERE owner = ?1 AND {Suspect})");

    private static readonly Sql ClaimSql = new(ClaimText("true"));

    private static readonly Sql ClaimOneSql = new(ClaimText("snapshot_id = ?5 AND environment_id = ?6"));

    private static string ClaimText(string condition) =>
        $"""
        UPDATE execution SET
            owner = ?2, lease_until = ?3, epoch = epoch + 1, runnable_at = NULL, started_at = coalesce(started_at, ?4),
            status = CASE WHEN EXISTS (SELECT 1 FROM wait w WHERE w.exec_id = ?1 AND w.status = 'pending') THEN 'waiting' ELSE 'running' END,
            status_reason = NULL
        WHERE exec_id = ?1 AND owner IS NULL AND runnable_at <= ?4 AND {condition}
        RETURNING epoch
        """;

    /// <summary>Whether a claim may find something.</summary>
    public static bool IsAny(Connection connection, WorkerKind kind, DateTimeOffset now)
    {
        using var row = connection.Use(AnySql);
        row.Bind(kind.Snapshot.Value).Bind(now).Bind(kind.Environment.Value).Step();
        return row.Boolean();
    }

    public static IReadOnlyList<Lease> Claim(
        Connection connection, WorkerId worker, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, DateTimeOffset now, DateTimeOffset until)
    {
        var leases = new List<Lease>();
        foreach (var id in only is { } one ? [one] : Find(connection, worker, kind, max, flows, now))
        {
            // What waits stand is asked by the statement that takes it, so nobody may be answering one.
            connection.Lock(id);
            using var claim = connection.Use(only is null ? ClaimSql : ClaimOneSql);
            claim.Bind(id.Value).Bind(worker.Value).Bind(until).Bind(now);
            if (only is not null)
                claim.Bind(kind.Snapshot.Value).Bind(kind.Environment.Value);
            if (!claim.Step())
                continue;
            leases.Add(new Lease(id, worker, claim.Int64()));
            RunnerLine.AddTaken(connection, id, worker, now);
        }
        return leases;
    }

    /// <summary>
    /// Of several suspects one worker gets one at a time: so what kills workers is found out, and takes nobody down with it for good.
    /// </summary>
    private static List<ExecutionId> Find(
        Connection connection, WorkerId worker, WorkerKind kind, int max, FlowFilter? flows, DateTimeOffset now)
    {
        var found = new List<(ExecutionId Id, bool IsSuspect)>();
        using (var find = connection.Use(NextSql))
        {
            find.Bind(kind.Snapshot.Value).Bind(now).Bind((long)max).Bind(kind.Environment.Value);
            find.Bind(flows is { AreExcluded: false } ? NamesOf(flows) : null).Bind(flows is { AreExcluded: true } ? NamesOf(flows) : null);
            while (find.Step())
                found.Add((new ExecutionId(find.Id()), find.Boolean()));
        }
        var ids = new List<ExecutionId>();
        bool? suspectHeld = null;
        foreach (var (id, isSuspect) in found)
        {
            if (isSuspect && (suspectHeld ??= HoldsSuspect(connection, worker)))
                continue;
            if (isSuspect)
                suspectHeld = true;
            ids.Add(id);
        }
        return ids;
    }

    private static string NamesOf(FlowFilter flows) => StoredJson.OfList(flows.Names) ?? "[]";

    /// <summary>What another writer is just claiming is his.</summary>
    private static string SkipLocked(Dialect dialect) => dialect == Dialect.Postgres ? "FOR NO KEY UPDATE SKIP LOCKED" : "";

    private static bool HoldsSuspect(Connection connection, WorkerId worker)
    {
        using var row = connection.Use(HoldsSuspectSql);
        row.Bind(worker.Value).Step();
        return row.Boolean();
    }
}
