using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal static class RunningCallRow
{
    private const string AttemptColumns = "exec_id, call_id, attempt, key, name, interrupted, started_at, ended_at, failure, metadata";

    private const string OfEnded = "AND EXISTS (SELECT 1 FROM execution e WHERE e.exec_id = ?1 AND e.ended_at IS NOT NULL)";

    private static readonly Sql ClearSql = new(ClearText(""));

    private static readonly Sql ClearEndedSql = new(ClearText(OfEnded))
    {
        Many = new ManyRows(
            """
            DELETE FROM running_call r
            WHERE r.exec_id = ANY ($1) AND (SELECT e.ended_at FROM execution e WHERE e.exec_id = r.exec_id) IS NOT NULL
            """),
    };

    private static readonly Sql AddSql = new(
        """
        INSERT INTO running_call (exec_id, call_id, key, name, type, attempt, started_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT (exec_id, call_id) DO UPDATE SET attempt = excluded.attempt, started_at = excluded.started_at
        """);

    /// <summary>The list may lag behind the journal: a call that has its outcome does not run.</summary>
    private static readonly Sql ListSql = new(
        """
        SELECT key, name, type, attempt, started_at FROM running_call r WHERE exec_id = ?1
        AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.call_id = r.call_id AND j.original_call_id IS NULL)
        ORDER BY started_at, key
        """);

    private static readonly Sql InterruptSql = new(InterruptText(""));

    private static readonly Sql InterruptEndedSql = new(InterruptText(OfEnded))
    {
        Many = new ManyRows(
            $"""
            INSERT INTO attempt ({AttemptColumns})
            SELECT r.exec_id, r.call_id, r.attempt, r.key, r.name, 1, r.started_at, i.ended_at, i.failure, NULL
            FROM running_call r JOIN {ManyRows.Of("exec_id uuid, ended_at bigint, failure text")} ON i.exec_id = r.exec_id
            WHERE r.exec_id = ANY ($1) AND (SELECT e.ended_at FROM execution e WHERE e.exec_id = r.exec_id) IS NOT NULL
                AND (SELECT count(*) FROM journal j WHERE j.call_id = r.call_id AND j.original_call_id IS NULL) = 0
            ON CONFLICT DO NOTHING
            """),
    };

    public static void Replace(Connection connection, ExecutionId id, IReadOnlyList<RunningCall> calls)
    {
        Clear(connection, id);
        foreach (var call in calls)
        {
            using var add = connection.Use(AddSql);
            add.Bind(id.Value).Bind(IdFactory.Derive(id, call.Key)).Bind(call.Key).Bind(call.Name).Bind(call.Type)
                .Bind((long)call.Attempt).Bind(call.StartedAt).Post();
        }
    }

    public static IReadOnlyList<RunningCall> List(Connection connection, ExecutionId id)
    {
        var calls = new List<RunningCall>();
        using var row = connection.Use(ListSql);
        row.Bind(id.Value);
        while (row.Step())
            calls.Add(new RunningCall(row.Text(), row.Text(), row.TextOrNull(), row.Int32(), row.Time()));
        return calls;
    }

    /// <summary>What was running becomes interrupted attempts.</summary>
    public static void Interrupt(Connection connection, ExecutionId id, Failure failure, DateTimeOffset now)
    {
        using (var interrupt = connection.Use(InterruptSql))
            interrupt.Bind(id.Value).Bind(now).Bind(StoredJson.OfFailure(failure)).Post();
        Clear(connection, id);
    }

    /// <summary>As <see cref="Interrupt"/>, for an execution that has ended; of any other nothing is changed.</summary>
    public static IEnumerable<Change> InterruptOfEnded(ExecutionId id, Failure failure, DateTimeOffset now) =>
    [
        new Change(InterruptEndedSql, interrupt => interrupt.Bind(id.Value).Bind(now).Bind(StoredJson.OfFailure(failure))),
        new Change(ClearEndedSql, clear => clear.Bind(id.Value)),
    ];

    private static void Clear(Connection connection, ExecutionId id)
    {
        using var clear = connection.Use(ClearSql);
        clear.Bind(id.Value).Post();
    }

    private static string ClearText(string condition) => $"DELETE FROM running_call WHERE exec_id = ?1 {condition}";

    private static string InterruptText(string condition) =>
        $"""
        INSERT INTO attempt ({AttemptColumns})
        SELECT exec_id, call_id, attempt, key, name, 1, started_at, ?2, ?3, NULL
        FROM running_call r WHERE exec_id = ?1
        AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.call_id = r.call_id AND j.original_call_id IS NULL)
        {condition}
        ON CONFLICT DO NOTHING
        """;
}
