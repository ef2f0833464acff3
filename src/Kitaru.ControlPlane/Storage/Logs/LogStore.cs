using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class LogStore(StoreSession session) : ILogStore
{
    private static readonly Sql ExistsSql = Sql.Locking("SELECT 1 FROM execution WHERE exec_id = ?1");

    private static readonly Sql LastIdSql = new("SELECT coalesce(max(log_id), 0) FROM log_entry WHERE exec_id = ?1");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, call_key, level, module, message)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private static readonly Sql OldestSql = new(ReadText("ASC"));

    private static readonly Sql NewestSql = new(ReadText("DESC"));

    public Task<bool> AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken) =>
        session.WriteSeveralAsync(connection => Append(connection, id, entries), cancellationToken, entries.Sum(entry => 128 + entry.Message.Length), id.Value);

    public Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, int? severityMin, CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<LogEntry>>(
            connection =>
            {
                var entries = new List<LogEntry>();
                using var row = connection.Use(query.FromStart ? OldestSql : NewestSql);
                row.Bind(query.ExecutionId.Value).Bind(query.AfterId ?? 0).Bind(severityMin ?? 0).Bind(query.Source)
                    .Bind(query.Checkpoint).Bind(query.Since).Bind(query.Limit);
                while (row.Step())
                    entries.Add(Read(row));
                if (!query.FromStart)
                    entries.Reverse();
                return entries;
            },
            cancellationToken);

    private static bool Append(Connection connection, ExecutionId id, IReadOnlyList<LogEntry> entries)
    {
        using (var exists = connection.Use(ExistsSql))
        {
            if (!exists.Bind(id.Value).Step())
                return false;
        }
        long lastId;
        using (var last = connection.Use(LastIdSql))
        {
            last.Bind(id.Value).Step();
            lastId = last.Int64();
        }
        foreach (var entry in entries)
        {
            using var insert = connection.Use(InsertSql);
            insert.Bind(id.Value).Bind(++lastId).Bind(LogLevels.Severity(entry.Level)).Bind(entry.Timestamp).Bind(entry.Source)
                .Bind(entry.Checkpoint).Bind(entry.Level).Bind(entry.Module).Bind(entry.Message).Post();
        }
        return true;
    }

    private static LogEntry Read(Statement row) => new()
    {
        Id = row.Int64(),
        Timestamp = row.Time(),
        Source = row.Text(),
        Checkpoint = row.TextOrNull(),
        Level = row.TextOrNull(),
        Module = row.TextOrNull(),
        Message = row.Text(),
    };

    private static string ReadText(string order) =>
        $"""
        SELECT log_id, written_at, source, call_key, level, module, message FROM log_entry
        WHERE exec_id = ?1 AND log_id > ?2 AND severity >= ?3 AND (?4 IS NULL OR source = ?4)
        AND (?5 IS NULL OR call_key = ?5) AND (?6 IS NULL OR written_at >= ?6)
        ORDER BY log_id {order} LIMIT ?7
        """;
}
