using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>How an execution's waits stand.</summary>
/// <param name="Pending">Nobody has answered.</param>
/// <param name="Unseen">Answered or aborted, and the flow has not recorded that it saw it.</param>
internal readonly record struct WaitTally(int Pending, int Unseen);

internal static class WaitRow
{
    private const string Columns =
        """
        wait_id, exec_id, name, question, schema, metadata, status, entered_at,
        answer_media, answer_type, answer_size, answer_hash, answer, resolved_at, resolved_by
        """;

    private static readonly Sql ListSql = new($"SELECT {Columns} FROM wait WHERE exec_id = ?1 ORDER BY ordinal");

    private static readonly Sql ListPendingSql = new($"SELECT {Columns} FROM wait WHERE exec_id = ?1 AND status = 'pending' ORDER BY ordinal");

    private static readonly Sql ListUnseenSql = new(
        $"""
        SELECT {Columns} FROM wait
        WHERE exec_id = ?1 AND consumed = 0 AND status IN ('answered', 'aborted')
        ORDER BY resolved_order
        """);

    private static readonly Sql FindSql = new($"SELECT {Columns} FROM wait WHERE exec_id = ?1 AND name = ?2");

    private static readonly Sql OpenSql = new(
        """
        INSERT INTO wait (wait_id, exec_id, ordinal, name, status, entered_at, question, schema, metadata)
        VALUES (?1, ?2, (SELECT count(*) + 1 FROM wait WHERE exec_id = ?2), ?3, 'pending', ?4, ?5, ?6, ?7)
        ON CONFLICT (exec_id, name) DO NOTHING
        """);

    private static readonly Sql MarkWaitingSql = new("UPDATE execution SET status = 'waiting', status_reason = NULL WHERE exec_id = ?1 AND status <> 'waiting'");

    private static readonly Sql ConsumeSql = new(
        """
        UPDATE wait SET consumed = 1
        WHERE exec_id = ?1 AND name = ?2 AND status IN ('answered', 'aborted')
        """);

    private static readonly Sql CloseSql = new(
        """
        UPDATE wait SET status = 'closed', resolved_at = ?2
        WHERE exec_id = ?1 AND status = 'pending' AND EXISTS (SELECT 1 FROM execution e WHERE e.exec_id = ?1 AND e.ended_at IS NOT NULL)
        """)
    {
        Many = new ManyRows(
            $"""
            UPDATE wait AS w SET status = 'closed',
                resolved_at = (SELECT i.resolved_at FROM {ManyRows.Of("exec_id uuid, resolved_at bigint")} WHERE i.exec_id = w.exec_id)
            WHERE w.exec_id = ANY ($1) AND w.status = 'pending' AND (SELECT e.ended_at FROM execution e WHERE e.exec_id = w.exec_id) IS NOT NULL
            """),
    };

    private static readonly Sql TallySql = Sql.Of(dialect =>
        $"""
        SELECT count(*) FILTER (WHERE status = 'pending'), count(*) FILTER (WHERE consumed = 0 AND status IN ('answered', 'aborted'))
        FROM wait WHERE exec_id = ?1 AND (?2 IS NULL OR name IN {Sql.Items(dialect, "?2")})
        """);

    private static readonly Sql DropConsumedSql = new("DELETE FROM wait WHERE exec_id = ?1 AND name = ?2 AND consumed = 1");

    public static IReadOnlyList<WaitRecord> List(Connection connection, ExecutionId id) => List(connection, ListSql, id);

    public static IReadOnlyList<WaitRecord> ListPending(Connection connection, ExecutionId id) => List(connection, ListPendingSql, id);

    /// <summary>Resolved ones that the flow has not recorded yet, in the order they were resolved.</summary>
    public static IReadOnlyList<WaitRecord> ListUnseen(Connection connection, ExecutionId id) => List(connection, ListUnseenSql, id);

    /// <summary>The wait with this name, made when there is none. The caller has checked the lease.</summary>
    public static WaitRecord Open(Connection connection, ExecutionId id, WaitId newId, NewWait wait, string? schema, string? metadata)
    {
        bool added;
        using (var open = connection.Use(OpenSql))
            added = open.Bind(newId.Value).Bind(id.Value).Bind(wait.Name).Bind(wait.EnteredAt).Bind(wait.Question).Bind(schema).Bind(metadata).Run() == 1;
        if (added)
        {
            using var mark = connection.Use(MarkWaitingSql);
            mark.Bind(id.Value).Post();
        }
        using var find = connection.Use(FindSql);
        find.Bind(id.Value).Bind(wait.Name).Step();
        return Read(find);
    }

    public static void Consume(Connection connection, ExecutionId id, string name)
    {
        using var statement = connection.Use(ConsumeSql);
        statement.Bind(id.Value).Bind(name).Post();
    }

    /// <summary>Nobody answers an execution that has ended; of any other nothing is changed.</summary>
    public static Change ClosePendingOfEnded(ExecutionId id, DateTimeOffset now) => new(CloseSql, statement => statement.Bind(id.Value).Bind(now));

    /// <summary>A wait the flow has seen the answer of.</summary>
    public static void DropConsumed(Connection connection, ExecutionId id, string name)
    {
        using var statement = connection.Use(DropConsumedSql);
        statement.Bind(id.Value).Bind(name).Post();
    }

    /// <param name="connection">The connection.</param>
    /// <param name="id">Whose.</param>
    /// <param name="names">Only these, a JSON array; null for all.</param>
    public static WaitTally Tally(Connection connection, ExecutionId id, string? names)
    {
        using var statement = connection.Use(TallySql);
        statement.Bind(id.Value).Bind(names).Step();
        return new WaitTally(statement.Int32(), statement.Int32());
    }

    private static List<WaitRecord> List(Connection connection, Sql sql, ExecutionId id)
    {
        var waits = new List<WaitRecord>();
        using var statement = connection.Use(sql);
        statement.Bind(id.Value);
        while (statement.Step())
            waits.Add(Read(statement));
        return waits;
    }

    private static WaitRecord Read(Statement row) => new()
    {
        Id = new WaitId(row.Id()),
        ExecutionId = new ExecutionId(row.Id()),
        Name = row.Text(),
        Question = row.TextOrNull(),
        Schema = row.JsonOrNull(),
        Metadata = row.JsonOrNull() ?? [],
        Status = StoredWords.ToWaitStatus(row.Text()),
        EnteredAt = row.Time(),
        Answer = row.ValueOrNull(),
        ResolvedAt = row.TimeOrNull(),
        ResolvedBy = row.TextOrNull(),
    };
}
