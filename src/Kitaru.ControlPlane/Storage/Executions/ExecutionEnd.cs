using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>The three ways an execution ends: by its holder, by a cancel, or because its workers keep dying.</summary>
internal static class ExecutionEnd
{
    /// <summary>What every end does: nobody holds it any more, and what it did is counted.</summary>
    private const string Ended =
        $"""
        owner = NULL, lease_until = NULL, runnable_at = NULL, epoch = e.epoch + 1,
        checkpoint_count = {ExecutionRow.CallCount}, artifact_count = {ExecutionRow.ArtifactCount}
        """;

    private static readonly Sql FinishSql = new(
        $"""
        UPDATE execution AS e SET
            status = ?4, status_reason = ?5, ended_at = ?6, failure = ?7, metadata = coalesce(?8, metadata),
            result_media = ?9, result_type = ?10, result_size = ?11, result_hash = ?12, result = ?13,
            {Ended}
        WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3
        """)
    {
        Many = new ManyRows(
            $"""
            UPDATE execution AS e SET
                (status, status_reason, ended_at, failure, metadata, result_media, result_type, result_size, result_hash, result) = (
                    SELECT i.status, i.status_reason, i.ended_at, i.failure, coalesce(i.metadata, e.metadata),
                        i.result_media, i.result_type, i.result_size, i.result_hash, i.result
                    FROM {ManyRows.Of(
                        """
                        exec_id uuid, owner uuid, epoch bigint, status text, status_reason text, ended_at bigint, failure text, metadata text,
                        result_media text, result_type text, result_size bigint, result_hash bytea, result bytea
                        """)}
                    WHERE i.exec_id = e.exec_id),
                {Ended}
            WHERE e.exec_id = ANY ($1)
                AND (e.owner, e.epoch) = (SELECT i.owner, i.epoch FROM {ManyRows.Of("exec_id uuid, owner uuid, epoch bigint")} WHERE i.exec_id = e.exec_id)
            RETURNING e.exec_id
            """),
    };

    private static readonly Sql CancelSql = new(
        $"""
        UPDATE execution AS e SET status = 'cancelled', status_reason = ?3, ended_at = ?2, {Ended}
        WHERE exec_id = ?1 AND ended_at IS NULL
        """);

    private static readonly Sql GiveUpSql = new(
        $"""
        UPDATE execution AS e SET status = 'failed', status_reason = ?3, ended_at = ?2, failure = ?4, takeovers = takeovers + 1, {Ended}
        WHERE exec_id = ?1 AND ended_at IS NULL
        """);

    private static readonly Failure EndedWhileRunning =
        new("The execution ended while this attempt was running.", null, null, FailureOrigin.Runtime);

    private static readonly Sql IsFinishedSql = new("SELECT EXISTS (SELECT 1 FROM execution WHERE exec_id = ?1 AND epoch = ?2 + 1 AND status = ?3 AND ended_at IS NOT NULL)");

    /// <summary>The end by its holder; changes nothing when the lease is not held.</summary>
    public static IReadOnlyList<Change> Finish(Lease lease, Outcome outcome, string? failure, string? metadata, DateTimeOffset now) =>
    [
        new Change(FinishSql, finish => finish.Bind(lease).Bind(StoredWords.Of(outcome.Status)).Bind(outcome.Reason).Bind(now)
            .Bind(failure).Bind(metadata).Bind(outcome.Result)),
        .. TidyUp(lease.ExecutionId, now),
    ];

    /// <summary>After a finish that changed nothing: whether it was made already, by a call whose answer was lost.</summary>
    public static bool IsFinished(Connection connection, Lease lease, Outcome outcome)
    {
        using var row = connection.Use(IsFinishedSql);
        row.Bind(lease.ExecutionId.Value).Bind(lease.Epoch).Bind(StoredWords.Of(outcome.Status)).Step();
        return row.Boolean();
    }

    public static bool CancelIfActive(Connection connection, ExecutionId id, string? by, DateTimeOffset now)
    {
        var reason = by is null ? "cancelled" : $"cancelled by {by}";
        connection.Lock(id);
        using (var statement = connection.Use(CancelSql))
        {
            if (statement.Bind(id.Value).Bind(now).Bind(reason).Run() == 0)
                return false;
        }
        RunnerLine.Add(connection, id, "INFO", $"The execution was {reason}.", now);
        foreach (var change in TidyUp(id, now))
            change.Post(connection);
        return true;
    }

    /// <summary>Fails an execution; its running calls have been recorded as interrupted already.</summary>
    public static void GiveUp(Connection connection, ExecutionId id, Failure failure, DateTimeOffset now)
    {
        using (var statement = connection.Use(GiveUpSql))
            statement.Bind(id.Value).Bind(now).Bind(failure.Message).Bind(StoredJson.OfFailure(failure)).Post();
        foreach (var change in TidyUp(id, now))
            change.Post(connection);
    }

    /// <summary>What has ended runs nothing and waits for nothing. The counts were taken before: moving a running call to an attempt does not change them.</summary>
    private static IEnumerable<Change> TidyUp(ExecutionId id, DateTimeOffset now) =>
        [.. RunningCallRow.InterruptOfEnded(id, EndedWhileRunning, now), WaitRow.ClosePendingOfEnded(id, now)];
}
