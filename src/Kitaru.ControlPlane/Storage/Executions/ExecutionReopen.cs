using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Opens a failed execution again: what made it fail is forgotten, everything else keeps its record.</summary>
internal static class ExecutionReopen
{
    /// <summary>Nothing was recorded since other code took over: the records are all of the code before it.</summary>
    private const string CanGoBack = "code_before IS NOT NULL AND code_before_seq = (SELECT coalesce(max(j.seq), 0) FROM journal j WHERE j.exec_id = ?1)";

    private static readonly Sql ReopenSql = new(
        $"""
        UPDATE execution SET
            status = 'queued', status_reason = ?3, ended_at = NULL, failure = NULL, checkpoint_count = NULL, artifact_count = NULL,
            runnable_at = ?2, epoch = epoch + 1,
            snapshot_id = CASE WHEN ?4 IS NOT NULL THEN ?4 WHEN {CanGoBack} THEN code_before ELSE snapshot_id END,
            code_before = CASE WHEN ?4 IS NULL THEN NULL WHEN {CanGoBack} THEN code_before ELSE snapshot_id END,
            code_before_seq = CASE WHEN ?4 IS NOT NULL THEN 0 END,
            reopened = reopened + 1, retries_used = 0, stalls = 0, stalled_seq = 0, stalled_attempts = 0
        WHERE exec_id = ?1 AND status = 'failed'
        """);

    private static readonly Sql MarkSql = new(
        """
        UPDATE execution SET code_before_seq = (SELECT coalesce(max(j.seq), 0) FROM journal j WHERE j.exec_id = ?1)
        WHERE exec_id = ?1 AND code_before IS NOT NULL
        """);

    private static readonly Sql FailureSql = new("SELECT failure FROM execution WHERE exec_id = ?1");

    /// <summary>Failed calls nothing followed on: nobody took notice of their failure but the flow's end.</summary>
    private static readonly Sql UnnoticedSql = Sql.Of(dialect =>
        $"""
        SELECT f.key FROM journal f WHERE f.exec_id = ?1 AND f.status = 'failed'
        AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.exec_id = ?1 AND f.key IN {Sql.Items(dialect, "j.parents")})
        """);

    /// <summary>Nobody answered them before the end; the flow asks again.</summary>
    private static readonly Sql DropClosedWaitsSql = new("DELETE FROM wait WHERE exec_id = ?1 AND status = 'closed'");

    public static bool ReopenIfFailed(Connection connection, ExecutionId id, SnapshotId? code, string reason, DateTimeOffset now)
    {
        connection.Lock(id);
        var forget = Culprits(connection, id);
        using (var reopen = connection.Use(ReopenSql))
        {
            if (reopen.Bind(id.Value).Bind(now).Bind(reason).Bind(code?.Value).Run() == 0)
                return false;
        }
        AttemptRow.Forget(connection, id, forget);
        using (var mark = connection.Use(MarkSql))
            mark.Bind(id.Value).Post();
        RunnerLine.Add(connection, id, "INFO", $"Opened again: {reason}{(code is null ? "" : $", with the code {code}")}.", now);
        using var drop = connection.Use(DropClosedWaitsSql);
        drop.Bind(id.Value).Post();
        return true;
    }

    private static HashSet<string> Culprits(Connection connection, ExecutionId id)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        using (var failure = connection.Use(FailureSql))
        {
            if (failure.Bind(id.Value).Step() && StoredJson.ToFailure(failure.TextOrNull()) is { } known)
                keys.UnionWith(known.CausedBy);
        }
        using var unnoticed = connection.Use(UnnoticedSql);
        unnoticed.Bind(id.Value);
        while (unnoticed.Step())
            keys.Add(unnoticed.Text());
        return keys;
    }
}
