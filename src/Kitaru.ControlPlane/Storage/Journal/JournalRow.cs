using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>One completion. Everything a caller can do is done in <see cref="Prepare"/>, so that the writer's thread only binds.</summary>
internal sealed class JournalRow
{
    private const string AppendColumns =
        """
        exec_id, seq, kind, status, call_id, key, name, type, attempt, started_at, ended_at, fingerprint,
        parents, metadata, failure, arguments, value_media, value_type, value_size, value_hash, value, cache_key, cached_call_id
        """;

    private static readonly string AppendManyText =
        $"""
        INSERT INTO journal ({AppendColumns})
        SELECT i.exec_id, seq, kind, i.status, call_id, key, name, type, attempt, i.started_at, i.ended_at, fingerprint,
            parents, i.metadata, i.failure, arguments, value_media, value_type, value_size, value_hash, value, cache_key, cached_call_id
        FROM {ManyRows.Of(
            """
            exec_id uuid, owner uuid, epoch bigint, seq bigint, kind text, status text, call_id uuid, key text, name text, type text, attempt bigint,
            started_at bigint, ended_at bigint, fingerprint bytea, parents text, metadata text, failure text, arguments bytea, value_media text,
            value_type text, value_size bigint, value_hash bytea, value bytea, cache_key bytea, cached_call_id uuid
            """)},
            LATERAL (SELECT 1 FROM execution e WHERE e.exec_id = i.exec_id AND e.owner IS NOT DISTINCT FROM i.owner AND e.epoch = i.epoch FOR NO KEY UPDATE) held
        ON CONFLICT DO NOTHING
        RETURNING call_id
        """;

    /// <summary>Changes no row when the lease is not held, or when the call or its number is recorded already; <see cref="IsRecorded"/> tells which.</summary>
    public static readonly Sql AppendSql = new(AppendText(""), AppendText("FOR NO KEY UPDATE")) { Many = new ManyRows(AppendManyText, Key: 7) };

    private static readonly Sql RecordedSql = new("SELECT kind, status, value_hash FROM journal WHERE exec_id = ?1 AND seq = ?2 AND call_id = ?3");

    private static readonly Sql ListSql = new(ListText("value"));

    private static readonly Sql ListWithoutBytesSql = new(ListText("NULL"));

    private static readonly Sql DropReusedSql = new(
        """
        DELETE FROM journal WHERE call_id = ?4 AND original_call_id IS NOT NULL
        AND EXISTS (SELECT 1 FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3)
        """);

    private static readonly Sql DropReusedArtifactsSql = new(
        """
        DELETE FROM artifact WHERE exec_id = ?1 AND call_key = ?4
        AND EXISTS (SELECT 1 FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3)
        """);

    private readonly JournalEntry _entry;
    private readonly Guid _callId;
    private readonly string? _parents;
    private readonly string? _metadata;
    private readonly string? _failure;

    private JournalRow(ExecutionId execution, JournalEntry entry)
    {
        _entry = entry;
        _callId = IdFactory.Derive(execution, entry.Key);
        _parents = StoredJson.OfList(entry.Parents);
        _metadata = StoredJson.OfObject(entry.Metadata);
        _failure = StoredJson.OfFailure(entry.Failure);
    }

    public static JournalRow Prepare(ExecutionId execution, JournalEntry entry) => new(execution, entry);

    /// <summary>Binds <see cref="AppendSql"/>.</summary>
    public void Bind(Statement statement, Lease lease) => statement
        .Bind(lease).Bind(_entry.Seq).Bind(StoredWords.Of(_entry.Kind)).Bind(StoredWords.Of(_entry.Status)).Bind(_callId)
        .Bind(_entry.Key).Bind(_entry.Name).Bind(_entry.Type).Bind((long)_entry.Attempt).Bind(_entry.StartedAt).Bind(_entry.EndedAt)
        .Bind(_entry.Fingerprint).Bind(_parents).Bind(_metadata).Bind(_failure).Bind(_entry.Arguments?.Inline).Bind(_entry.Value)
        .Bind(_entry.CacheKey).Bind(_entry.CachedCallId?.Value);

    public bool AppendIfHeld(Connection connection, Lease lease)
    {
        using var statement = connection.Use(AppendSql);
        Bind(statement, lease);
        return statement.Run() == 1;
    }

    /// <summary>After an append that changed nothing: true when this very record is there, from a call whose answer was lost; false when the lease is.</summary>
    /// <exception cref="KitaruRuntimeException">The call or its number has another record.</exception>
    public bool IsRecorded(Connection connection, Lease lease)
    {
        if (!LeaseCheck.IsCurrent(connection, lease))
            return false;
        if (IsThere(connection, lease.ExecutionId))
            return true;
        throw new KitaruRuntimeException(
            $"Call '{Texts.Short(_entry.Key)}' (number {_entry.Seq}) of execution {lease.ExecutionId} is recorded already; nothing was written.",
            "Give the execution up and go on from its journal after a new claim.");
    }

    /// <summary>Whether this very record is there.</summary>
    public bool IsThere(Connection connection, ExecutionId id)
    {
        using var row = connection.Use(RecordedSql);
        return row.Bind(id.Value).Bind(_entry.Seq).Bind(_callId).Step()
            && row.Text() == StoredWords.Of(_entry.Kind) && row.Text() == StoredWords.Of(_entry.Status)
            && (row.BytesOrNull() is { } hash ? Convert.ToHexStringLower(hash) : null) == _entry.Value?.Hash;
    }

    /// <summary>Removes a record that a replay took over, with what was saved in it, so that its call can be recorded.</summary>
    public static void DropReused(Connection connection, Lease lease, string key)
    {
        using (var artifacts = connection.Use(DropReusedArtifactsSql))
            artifacts.Bind(lease).Bind(key).Post();
        using var drop = connection.Use(DropReusedSql);
        drop.Bind(lease).Bind(IdFactory.Derive(lease.ExecutionId, key)).Post();
    }

    public static IReadOnlyList<JournalEntry> List(Connection connection, ExecutionId id, bool withBytes)
    {
        var entries = new List<JournalEntry>();
        using var statement = connection.Use(withBytes ? ListSql : ListWithoutBytesSql);
        statement.Bind(id.Value);
        while (statement.Step())
            entries.Add(Read(statement));
        return entries;
    }

    private static JournalEntry Read(Statement row) => new()
    {
        Seq = row.Int64(),
        Kind = StoredWords.ToKind(row.Text()),
        Status = StoredWords.ToJournalStatus(row.Text()),
        Key = row.Text(),
        Name = row.Text(),
        Type = row.TextOrNull(),
        Attempt = row.Int32(),
        StartedAt = row.Time(),
        EndedAt = row.Time(),
        Fingerprint = row.BytesOrNull(),
        Parents = StoredJson.ToList(row.TextOrNull()),
        Metadata = row.JsonOrNull(),
        Failure = StoredJson.ToFailure(row.TextOrNull()),
        Arguments = row.BytesOrNull() is { } arguments ? StoredValue.Of(StoredValue.Json, typeof(System.Text.Json.Nodes.JsonObject).FullName!, arguments) : null,
        Value = row.ValueOrNull(),
        OriginalCallId = row.IdOrNull() is { } original ? new CallId(original) : null,
        CachedCallId = row.IdOrNull() is { } cached ? new CallId(cached) : null,
    };

    private static string AppendText(string locking) =>
        $"""
        INSERT INTO journal ({AppendColumns})
        SELECT ?1, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25
        FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3
        {locking}
        ON CONFLICT DO NOTHING
        """;

    private static string ListText(string bytes) =>
        $"""
        SELECT seq, kind, status, key, name, type, attempt, started_at, ended_at, fingerprint, parents, metadata, failure,
               {(bytes == "NULL" ? "NULL" : "arguments")}, value_media, value_type, value_size, value_hash, {bytes}, original_call_id, cached_call_id
        FROM journal WHERE exec_id = ?1 ORDER BY seq
        """;
}
