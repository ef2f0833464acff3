using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Takes executions from a holder that died or went away.</summary>
internal static class LeaseLoss
{
    private static readonly Sql HeldBySql = Sql.Locking($"SELECT {Held.Columns} FROM execution WHERE owner = ?1 ORDER BY exec_id");

    private static readonly Sql ExpiredSql = Sql.Of(dialect =>
        $"SELECT {Held.Columns} FROM execution WHERE owner IS NOT NULL AND lease_until < ?1{(dialect == Dialect.Postgres ? " FOR NO KEY UPDATE SKIP LOCKED" : "")}");

    private static readonly Sql ProgressSql = new(
        """
        SELECT (SELECT coalesce(max(seq), 0) FROM journal WHERE exec_id = ?1),
               (SELECT count(*) FROM attempt WHERE exec_id = ?1 AND interrupted = 0)
        """);

    private static readonly Sql RequeueSql = new(
        """
        UPDATE execution SET
            owner = NULL, lease_until = NULL, epoch = epoch + 1, runnable_at = ?2,
            status = CASE WHEN EXISTS (SELECT 1 FROM wait w WHERE w.exec_id = ?1 AND w.status = 'pending') THEN 'waiting' ELSE 'queued' END,
            status_reason = ?3, takeovers = takeovers + ?4, stalls = ?5, stalled_seq = ?6, stalled_attempts = ?7
        WHERE exec_id = ?1 AND owner IS NOT NULL
        """);

    private static readonly Failure WorkerDied = new("The worker that ran this attempt died.", null, null, FailureOrigin.Runtime);

    private static readonly Failure WorkerLeft = new("The worker that ran this attempt went away.", null, null, FailureOrigin.Runtime);

    /// <summary>The worker says goodbye: nothing is held against its executions.</summary>
    public static void LetGo(Connection connection, WorkerId worker, DateTimeOffset now)
    {
        foreach (var held in Find(connection, HeldBySql, statement => statement.Bind(worker.Value)))
        {
            RunningCallRow.Interrupt(connection, held.Id, WorkerLeft, now);
            Requeue(connection, held, "its worker went away", takeovers: 0, held.Stalls, now);
            RunnerLine.Add(connection, held.Id, "INFO", $"Given back: worker {worker} went away.", now);
        }
    }

    public static void TakeOver(Connection connection, Takeover takeover, DateTimeOffset now)
    {
        foreach (var worker in takeover.Dead)
        {
            foreach (var held in Find(connection, HeldBySql, statement => statement.Bind(worker.Value)))
                TakeOver(connection, held, takeover.StallsMax, now);
        }
        foreach (var held in Find(connection, ExpiredSql, statement => statement.Bind(now)))
            TakeOver(connection, held, takeover.StallsMax, now);
    }

    private static void TakeOver(Connection connection, Held held, int stallsMax, DateTimeOffset now)
    {
        var running = RunningCallRow.List(connection, held.Id);
        RunningCallRow.Interrupt(connection, held.Id, WorkerDied, now);
        var where = running.Count == 0 ? "in the flow body" : "while running " + string.Join(", ", running.Select(call => call.Key));
        if (held.IsWaiting && running.Count == 0)
        {
            // It only stood beside the death: an execution that waits runs nothing that could kill a process.
            RunnerLine.Add(connection, held.Id, "INFO", $"Taken over: {held.Worker} died or fell silent while the execution waited.", now);
            Requeue(connection, held, "taken over from a worker that died", takeovers: 1, held.Stalls, now);
            return;
        }
        var stalls = ReadProgress(connection, held.Id) == held.Stalls.Progress ? held.Stalls.Count + 1 : 1;
        if (stalls >= stallsMax)
        {
            var message = $"Its worker died {stalls} times in a row {where}, and no call was recorded in between.";
            RunnerLine.Add(connection, held.Id, "ERROR", $"Given up: {held.Worker} died or fell silent {where}, time {stalls} in a row without progress.", now);
            ExecutionEnd.GiveUp(connection, held.Id, new Failure(message, Failure.Poisoned, null, FailureOrigin.Runtime), now);
            return;
        }
        RunnerLine.Add(connection, held.Id, "WARNING", $"Taken over: {held.Worker} died or fell silent {where}.", now);
        Requeue(connection, held, "taken over from a worker that died", takeovers: 1, new Stalls(stalls, ReadProgress(connection, held.Id)), now);
    }

    private static void Requeue(Connection connection, Held held, string reason, int takeovers, Stalls stalls, DateTimeOffset now)
    {
        using var statement = connection.Use(RequeueSql);
        statement.Bind(held.Id.Value).Bind(now).Bind(reason).Bind(takeovers)
            .Bind(stalls.Count).Bind(stalls.Progress.Seq).Bind(stalls.Progress.Attempts).Post();
    }

    private static Progress ReadProgress(Connection connection, ExecutionId id)
    {
        using var statement = connection.Use(ProgressSql);
        statement.Bind(id.Value).Step();
        return new Progress(statement.Int64(), statement.Int64());
    }

    private static List<Held> Find(Connection connection, Sql sql, Func<Statement, Statement> bind)
    {
        var found = new List<Held>();
        using var row = connection.Use(sql);
        bind(row);
        while (row.Step())
            found.Add(new Held(new ExecutionId(row.Id()), row.Boolean(), new Stalls(row.Int32(), new Progress(row.Int64(), row.Int64())), row.IdOrNull()));
        return found;
    }

    /// <summary>How far an execution has come: its last number, and how many attempts failed on their own.</summary>
    private readonly record struct Progress(long Seq, long Attempts);

    /// <summary>Takeovers in a row without progress, and the progress at the last one.</summary>
    private readonly record struct Stalls(int Count, Progress Progress);

    private sealed record Held(ExecutionId Id, bool IsWaiting, Stalls Stalls, Guid? Owner)
    {
        public const string Columns = "exec_id, status = 'waiting', stalls, stalled_seq, stalled_attempts, owner";

        public string Worker => $"worker {Owner}";
    }
}
