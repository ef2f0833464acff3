using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// Lets an execution go. Where it then stands follows from its waits as they are inside this transaction, so that an answer given while
/// the holder was letting go is never overlooked.
/// </summary>
internal static class ReleaseRow
{
    private static readonly Sql ReleaseSql = new(
        """
        UPDATE execution SET
            owner = NULL, lease_until = NULL, epoch = epoch + 1,
            status = ?4, status_reason = ?5, runnable_at = ?6,
            retries_used = coalesce(?7, retries_used), metadata = coalesce(?8, metadata)
        WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3
        """);

    private static readonly Failure LetGo = new("Its worker let the execution go while this attempt was running.", null, null, FailureOrigin.Runtime);

    public static bool ReleaseIfHeld(Connection connection, Lease lease, Release release, string? metadata, string? waits, DateTimeOffset now)
    {
        if (!LeaseCheck.IsHeld(connection, lease))
            return false;
        AttemptRow.Forget(connection, lease.ExecutionId, release.Forget);
        RunningCallRow.Interrupt(connection, lease.ExecutionId, LetGo, now);
        var (status, reason, runnableAt) = WhereItStands(release, WaitRow.Tally(connection, lease.ExecutionId, waits), now);
        RunnerLine.Add(connection, lease.ExecutionId, "INFO", $"Let go by worker {lease.Owner}: {reason ?? StoredWords.Of(status)}.", now);
        using var statement = connection.Use(ReleaseSql);
        return statement.Bind(lease).Bind(StoredWords.Of(status)).Bind(reason).Bind(runnableAt).Bind(release.RetriesUsed).Bind(metadata).Run() == 1;
    }

    private static (ExecutionStatus Status, string? Reason, long? RunnableAt) WhereItStands(Release release, WaitTally waits, DateTimeOffset now)
    {
        var goOn = release.RunnableAt;
        if (waits.Unseen > 0 || (release.Status == ExecutionStatus.Queued && goOn is null) || (release.Status == ExecutionStatus.Waiting && waits.Pending == 0))
            goOn = now;
        long? runnableAt = goOn is { } at ? Instant.ToMicrosecondsUp(at) : null;
        if (waits.Pending > 0)
            return (ExecutionStatus.Waiting, release.Reason, runnableAt);
        if (release.Status == ExecutionStatus.Sleeping && goOn > now)
            return (ExecutionStatus.Sleeping, release.Reason ?? $"sleeping until {goOn:yyyy-MM-ddTHH:mm:ssK}", runnableAt);
        return (ExecutionStatus.Queued, release.Status == ExecutionStatus.Queued ? release.Reason ?? "queued" : "queued", runnableAt);
    }
}
