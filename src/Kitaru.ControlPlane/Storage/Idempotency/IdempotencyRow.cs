using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A key with the request it was used for.</summary>
internal static class IdempotencyRow
{
    private static readonly Sql TakenSql = new("SELECT EXISTS (SELECT 1 FROM idempotency WHERE key = ?1)");

    private static readonly Sql InsertSql = new("INSERT INTO idempotency (key, operation, request, made_at) VALUES (?1, ?2, ?3, ?4)");

    /// <summary>A few at a time, by whoever adds one.</summary>
    private static readonly Sql ForgetSql = new(
        """
        DELETE FROM idempotency WHERE key IN (SELECT key FROM idempotency WHERE made_at < ?1 ORDER BY made_at LIMIT 20)
        """);

    /// <summary>1 key, 2 operation, 3 request, 4 now, 5 result.</summary>
    public static readonly Sql CompleteSql = new(
        """
        INSERT INTO idempotency (key, operation, request, made_at, result) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (key) DO UPDATE SET result = excluded.result
        WHERE idempotency.result IS NULL AND idempotency.operation = excluded.operation AND idempotency.request = excluded.request
        """);

    private static readonly Sql FindSql = new(
        """
        SELECT operation, request, made_at, result, 0 AS rank FROM idempotency WHERE key = ?1
        UNION ALL
        SELECT 'execution', NULL, created_at, NULL, 1 FROM execution WHERE idempotency_key = ?1
        ORDER BY rank
        LIMIT 1
        """);

    public static bool IsTaken(Connection connection, string key)
    {
        using var row = connection.Use(TakenSql);
        row.Bind(key).Step();
        return row.Boolean();
    }

    public static void Insert(Connection connection, IdempotentRequest request, DateTimeOffset now)
    {
        using (var insert = connection.Use(InsertSql))
            insert.Bind(request.Key).Bind(request.Operation).Bind(request.Hash).Bind(now).Run();
        using var forget = connection.Use(ForgetSql);
        forget.Bind(now - IdempotentRequest.Lifetime).Run();
    }

    public static KeptKey? Find(Connection connection, string key)
    {
        using var row = connection.Use(FindSql);
        return row.Bind(key).Step() ? new KeptKey(row.Text(), row.BytesOrNull(), row.Time(), row.TextOrNull()) : null;
    }
}
