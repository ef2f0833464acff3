using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class WaitStore(StoreSession session) : IWaitStore
{
    private static readonly Sql ResolveSql = new(
        """
        UPDATE wait SET
            status = ?2, resolved_at = ?3, resolved_by = ?4,
            resolved_order = (SELECT coalesce(max(o.resolved_order), 0) + 1 FROM wait o WHERE o.exec_id = wait.exec_id),
            answer_media = ?5, answer_type = ?6, answer_size = ?7, answer_hash = ?8, answer = ?9
        WHERE wait_id = ?1 AND status = 'pending'
        """);

    /// <summary>The last answer ends the waiting; every answer makes an execution that nobody holds runnable.</summary>
    private static readonly Sql WakeSql = new(
        """
        UPDATE execution SET
            runnable_at = CASE WHEN owner IS NULL THEN ?2 END,
            status = CASE
                WHEN EXISTS (SELECT 1 FROM wait w WHERE w.exec_id = ?1 AND w.status = 'pending') THEN 'waiting'
                WHEN owner IS NULL THEN 'queued'
                ELSE 'running' END,
            status_reason = CASE WHEN owner IS NULL THEN 'queued' END
        WHERE exec_id = ?1 AND status = 'waiting'
        """);

    public Task<IReadOnlyList<WaitRecord>> ListAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => WaitRow.List(connection, id), cancellationToken);

    public Task<bool> ResolveIfPendingAsync(WaitRecord wait, StoredValue? answer, string by, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                connection.Lock(wait.ExecutionId);
                using (var resolve = connection.Use(ResolveSql))
                {
                    var status = answer is null ? "aborted" : "answered";
                    if (resolve.Bind(wait.Id.Value).Bind(status).Bind(session.Now).Bind(by).Bind(answer).Run() == 0)
                        return false;
                }
                RunnerLine.Add(connection, wait.ExecutionId, "INFO", $"Wait '{Texts.Short(wait.Name)}' was {(answer is null ? "aborted" : "answered")} by {Texts.Short(by)}.", session.Now);
                using var wake = connection.Use(WakeSql);
                wake.Bind(wait.ExecutionId.Value).Bind(session.Now).Post();
                return true;
            },
            cancellationToken,
            StoreSession.SizeOf(answer),
            wait.ExecutionId.Value);
}
