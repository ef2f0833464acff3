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

    private static readonly Sql HoldsSuspectSql = new($"SELECT EXISTS (SELECT 1 FROM execution WHERE owner = ?1 AND {Suspect})");

    private static readonly Sql OneSql = Sql.Of(dialect =>
        $"""
        SELECT exec_id, false FROM execution
        WHERE exec_id = ?3 AND snapshot_id = ?1 AND environment_id = ?4 AND runnable_at <= ?2 {SkipLocked(dialect)}
        """);

    private static readonly Sql ClaimSql = new(
        """
        UPDATE execution SET
            owner = ?2, lease_until = ?3, epoch = epoch + 1, runnable_at = NULL, started_at = coalesce(started_at, ?4),
            status = CASE WHEN EXISTS (SELECT 1 FROM wait w WHERE w.exec_id = ?1 AND w.status = 'pending') THEN 'waiting' ELSE 'running' END,
            status_reason = NULL
        WHERE exec_id = ?1 AND owner IS NULL AND runnable_at <= ?4
        RETURNING epoch
        """);

    public static IReadOnlyList<Lease> Claim(
        Connection connection, WorkerId worker, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, DateTimeOffset now, DateTimeOffset until)
    {
        var leases = new List<Lease>();
        foreach (var id in Find(connection, worker, kind, max, only, flows, now))
        {
            using var claim = connection.Use(ClaimSql);
            if (!claim.Bind(id.Value).Bind(worker.Value).Bind(until).Bind(now).Step())
                continue;
            leases.Add(new Lease(id, worker, claim.Int64()));
            RunnerLine.Add(connection, id, "INFO", $"Taken by worker {worker}.", now);
        }
        return leases;
    }

    /// <summary>
    /// Of several suspects one worker gets one at a time: so what kills workers is found out, and takes nobody down with it for good.
    /// </summary>
    private static List<ExecutionId> Find(
        Connection connection, WorkerId worker, WorkerKind kind, int max, ExecutionId? only, FlowFilter? flows, DateTimeOffset now)
    {
        var found = new List<(ExecutionId Id, bool IsSuspect)>();
        using (var find = connection.Use(only is null ? NextSql : OneSql))
        {
            find.Bind(kind.Snapshot.Value).Bind(now);
            _ = only is { } one ? find.Bind(one.Value) : find.Bind((long)max);
            find.Bind(kind.Environment.Value);
            if (only is null)
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
