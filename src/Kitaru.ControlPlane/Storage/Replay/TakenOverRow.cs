using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A record with its wait and its saved artifacts, copied into the replay under ids of its own.</summary>
internal sealed class TakenOverRow(ExecutionId replay, ExecutionId source, TakenOver record)
{
    private static readonly Sql ExistsSql = new("SELECT 1 FROM journal WHERE call_id = ?1");

    private static readonly Sql CopySql = new(
        """
        INSERT INTO journal (
            exec_id, seq, kind, status, call_id, key, name, type, attempt, started_at, ended_at, fingerprint,
            parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value, original_call_id)
        SELECT ?1, seq, kind, status, ?2, key, name, type, attempt, started_at, ended_at, fingerprint,
            parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value, call_id
        FROM journal WHERE call_id = ?3
        """);

    /// <summary>Without a fingerprint: a given value stands for itself, whatever the call is made with, in replays of this replay too.</summary>
    private static readonly Sql CopyWithValueSql = new(
        """
        INSERT INTO journal (
            exec_id, seq, kind, status, call_id, key, name, type, attempt, started_at, ended_at, fingerprint,
            parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value, original_call_id)
        SELECT ?1, seq, kind, 'completed', ?2, key, name, type, attempt, started_at, ended_at, NULL,
            parents, metadata, NULL, arguments, ?4, ?5, ?6, ?7, ?8, call_id
        FROM journal WHERE call_id = ?3
        """);

    private static readonly Sql CopyWaitSql = new(
        """
        INSERT INTO wait (
            wait_id, exec_id, ordinal, name, status, consumed, entered_at, resolved_at, resolved_order, resolved_by,
            question, schema, metadata, answer_media, answer_type, answer_size, answer_hash, answer)
        SELECT ?2, ?1, ordinal, name, status, 1, entered_at, resolved_at, resolved_order, resolved_by,
            question, schema, metadata, answer_media, answer_type, answer_size, answer_hash, answer
        FROM wait WHERE exec_id = ?3 AND name = ?4 AND status IN ('answered', 'aborted')
        """);

    private static readonly Sql CopyArtifactSql = new(
        """
        INSERT INTO artifact (artifact_id, exec_id, seq, ordinal, call_key, name, kind, tags, value_media, value_type, value_size, value_hash, value)
        SELECT ?2, ?1, seq, ordinal, call_key, name, kind, tags, value_media, value_type, value_size, value_hash, value
        FROM artifact WHERE artifact_id = ?3
        """);

    public bool Exists(Connection connection)
    {
        using var row = connection.Use(ExistsSql);
        return row.Bind(record.Original.Value).Step();
    }

    public void Insert(Connection connection)
    {
        using (var copy = connection.Use(record.Value is null ? CopySql : CopyWithValueSql))
        {
            copy.Bind(replay.Value).Bind(IdFactory.Derive(replay, record.Key)).Bind(record.Original.Value);
            if (record.Value is { } value)
                copy.Bind(value);
            copy.Post();
        }
        if (record.Kind == JournalKind.Wait)
        {
            using var wait = connection.Use(CopyWaitSql);
            wait.Bind(replay.Value).Bind(IdFactory.Derive(replay, $"wait:{record.Key}")).Bind(source.Value).Bind(record.Key).Post();
        }
        foreach (var artifact in record.Saved)
        {
            using var copy = connection.Use(CopyArtifactSql);
            copy.Bind(replay.Value).Bind(IdFactory.Derive(replay, $"artifact:{artifact}")).Bind(artifact.Value).Post();
        }
    }
}
