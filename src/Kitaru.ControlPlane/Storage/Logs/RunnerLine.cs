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

    public static void Add(Connection connection, ExecutionId id, string level, string message, DateTimeOffset now)
    {
        using var statement = connection.Use(AddSql);
        statement.Bind(id.Value).Bind(LogLevels.Severity(level)).Bind(now).Bind(level).Bind(message).Post();
    }
}
