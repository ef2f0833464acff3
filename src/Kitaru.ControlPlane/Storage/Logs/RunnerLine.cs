using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What happens to an execution beside its own code, as a line of its log; in the transaction in which it happens.</summary>
internal static class RunnerLine
{
    private static readonly Sql AddSql = new(
        """
        INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, level, message)
        SELECT ?1, coalesce(max(log_id), 0) + 1, ?2, ?3, 'runner', ?4, ?5 FROM log_entry WHERE exec_id = ?1
        """);

    /// <summary>For an execution that is stored at this moment, and has no line yet.</summary>
    private static readonly Sql FirstSql = new(
        """
        INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, level, message)
        SELECT ?1, 1, ?2, ?3, 'runner', ?4, ?5 FROM execution WHERE exec_id = ?1 AND created_at = ?3
        ON CONFLICT DO NOTHING
        """)
    {
        Many = new ManyRows(
            $"""
            INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, level, message)
            SELECT i.exec_id, 1, i.severity, i.written_at, 'runner', i.level, i.message
            FROM {ManyRows.Of("exec_id uuid, severity bigint, written_at bigint, level text, message text")}
            WHERE (SELECT e.created_at FROM execution e WHERE e.exec_id = i.exec_id) = i.written_at
            ON CONFLICT DO NOTHING
            """),
    };

    public static Change FirstTaken(ExecutionId id, WorkerId worker, DateTimeOffset now) => new(
        FirstSql, statement => statement.Bind(id.Value).Bind(LogLevels.Severity("INFO")).Bind(now).Bind("INFO").Bind(Taken(worker)));

    public static void AddTaken(Connection connection, ExecutionId id, WorkerId worker, DateTimeOffset now) => Add(connection, id, "INFO", Taken(worker), now);

    public static void Add(Connection connection, ExecutionId id, string level, string message, DateTimeOffset now)
    {
        using var statement = connection.Use(AddSql);
        statement.Bind(id.Value).Bind(LogLevels.Severity(level)).Bind(now).Bind(level).Bind(message).Post();
    }

    private static string Taken(WorkerId worker) => $"Taken by worker {worker}.";
}
