using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal static class AttemptRow
{
    private const string Columns = "key, name, attempt, interrupted, started_at, ended_at, failure, metadata";

    /// <summary>Changes no row when the lease is not held, or when the attempt is recorded already; <see cref="IsRecorded"/> tells which.</summary>
    public static readonly Sql AppendSql = Sql.Of(dialect =>
        $"""
        INSERT INTO attempt (exec_id, call_id, attempt, key, name, interrupted, started_at, ended_at, failure, metadata)
        SELECT ?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
        FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3
        {(dialect == Dialect.Postgres ? "FOR NO KEY UPDATE" : "")}
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql RecordedSql = new(
        "SELECT interrupted, started_at, ended_at FROM attempt WHERE exec_id = ?1 AND call_id = ?2 AND attempt = ?3");

    private static readonly Sql ListSql = new(
        $"""
        SELECT {Columns} FROM attempt WHERE exec_id = ?1
        ORDER BY started_at, key, attempt
        """);

    private static readonly Sql ListOpenSql = new(
        $"""
        SELECT {Columns} FROM attempt a WHERE exec_id = ?1
        AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.call_id = a.call_id AND j.original_call_id IS NULL)
        ORDER BY started_at, key, attempt
        """);

    /// <summary>A failed call becomes an attempt, so that a whole-flow retry runs it again.</summary>
    private static readonly Sql ForgetSql = new(
        """
        INSERT INTO attempt (exec_id, call_id, attempt, key, name, interrupted, started_at, ended_at, failure, metadata)
        SELECT exec_id, call_id, attempt, key, name, 0, started_at, ended_at, failure, metadata
        FROM journal WHERE call_id = ?1 AND status = 'failed'
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql DropSql = new("DELETE FROM journal WHERE call_id = ?1 AND status = 'failed'");

    /// <summary>What it saved before it failed: attempts have no artifacts, and the next one saves its own.</summary>
    private static readonly Sql DropArtifactsSql = new(
        """
        DELETE FROM artifact WHERE exec_id = ?1 AND call_key = ?2
        AND EXISTS (SELECT 1 FROM journal WHERE call_id = ?3 AND status = 'failed')
        """);

    /// <summary>Binds <see cref="AppendSql"/>.</summary>
    public static void Bind(Statement statement, Lease lease, AttemptRecord attempt, string? failure, string? metadata) => statement
        .Bind(lease).Bind(IdFactory.Derive(lease.ExecutionId, attempt.Key)).Bind((long)attempt.Attempt).Bind(attempt.Key).Bind(attempt.Name)
        .Bind(attempt.Interrupted).Bind(attempt.StartedAt).Bind(attempt.EndedAt).Bind(failure).Bind(metadata);

    /// <summary>After an append that changed nothing: true when this very attempt is there, from a call whose answer was lost; false when the lease is.</summary>
    /// <exception cref="KitaruRuntimeException">Another one has its number.</exception>
    public static bool IsRecorded(Connection connection, Lease lease, AttemptRecord attempt)
    {
        if (!LeaseCheck.IsCurrent(connection, lease))
            return false;
        using var row = connection.Use(RecordedSql);
        if (row.Bind(lease.ExecutionId.Value).Bind(IdFactory.Derive(lease.ExecutionId, attempt.Key)).Bind((long)attempt.Attempt).Step()
            && row.Boolean() == attempt.Interrupted
            && row.Int64() == Instant.ToMicroseconds(attempt.StartedAt) && row.Int64() == Instant.ToMicroseconds(attempt.EndedAt))
        {
            return true;
        }
        throw new KitaruRuntimeException(
            $"Attempt {attempt.Attempt} of call '{Texts.Short(attempt.Key)}' of execution {lease.ExecutionId} is recorded already; nothing was written.",
            "Give the execution up and go on from its journal after a new claim.");
    }

    /// <summary>All attempts that did not end their call.</summary>
    public static IReadOnlyList<AttemptRecord> List(Connection connection, ExecutionId id) => List(connection, ListSql, id);

    /// <summary>Those of calls that have no outcome yet.</summary>
    public static IReadOnlyList<AttemptRecord> ListOpen(Connection connection, ExecutionId id) => List(connection, ListOpenSql, id);

    public static void Forget(Connection connection, ExecutionId id, IEnumerable<string> keys)
    {
        foreach (var key in keys)
        {
            var callId = IdFactory.Derive(id, key);
            using (var copy = connection.Use(ForgetSql))
                copy.Bind(callId).Post();
            using (var artifacts = connection.Use(DropArtifactsSql))
                artifacts.Bind(id.Value).Bind(key).Bind(callId).Post();
            using var drop = connection.Use(DropSql);
            drop.Bind(callId).Post();
        }
    }

    private static List<AttemptRecord> List(Connection connection, Sql sql, ExecutionId id)
    {
        var attempts = new List<AttemptRecord>();
        using var row = connection.Use(sql);
        row.Bind(id.Value);
        while (row.Step())
        {
            attempts.Add(new AttemptRecord(
                row.Text(), row.Text(), row.Int32(), row.Boolean(), row.Time(), row.Time(), StoredJson.ToFailure(row.TextOrNull()), row.JsonOrNull()));
        }
        return attempts;
    }
}
