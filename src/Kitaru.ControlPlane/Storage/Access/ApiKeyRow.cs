using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A key with what its secret is checked against.</summary>
internal sealed record StoredApiKey(ApiKey Key, byte[] Hash, byte[]? RetainedHash, DateTimeOffset? RetainedUntil);

/// <summary>An API key.</summary>
internal static class ApiKeyRow
{
    private const string Columns =
        """
        SELECT k.key_id, k.name, k.account_id, a.name, k.description, k.is_active, k.created_at, k.updated_at, k.last_login, k.last_rotated, k.retain_minutes, k.expires_at,
            k.hash, k.retained_hash, k.retained_until
        FROM api_key k JOIN service_account a ON a.account_id = k.account_id
        """;

    private static readonly Sql ListSql = new(
        $"{Columns} WHERE k.account_id = ?1 AND (?2 IS NULL OR k.name = ?2) AND (?3 = -1 OR k.is_active = ?3) ORDER BY k.name LIMIT ?4 OFFSET ?5",
        $"{Columns} WHERE k.account_id = ?1 AND (?2::text IS NULL OR k.name = ?2) AND (?3 = -1 OR k.is_active = ?3) ORDER BY k.name LIMIT ?4 OFFSET ?5");

    private static readonly Sql CountSql = new(
        "SELECT count(*) FROM api_key WHERE account_id = ?1 AND (?2 IS NULL OR name = ?2) AND (?3 = -1 OR is_active = ?3)",
        "SELECT count(*) FROM api_key WHERE account_id = ?1 AND (?2::text IS NULL OR name = ?2) AND (?3 = -1 OR is_active = ?3)");

    private static readonly Sql ByIdSql = new($"{Columns} WHERE k.key_id = ?1");
    private static readonly Sql ByNameSql = new($"{Columns} WHERE k.account_id = ?1 AND k.name = ?2");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO api_key (key_id, account_id, name, description, is_active, created_at, updated_at, retain_minutes, expires_at, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql UpdateSql = new(
        """
        UPDATE api_key SET name = ?2, description = ?3, is_active = ?4, updated_at = ?5, last_rotated = ?6, retain_minutes = ?7, hash = ?8, retained_hash = ?9, retained_until = ?10
        WHERE key_id = ?1
        """);

    private static readonly Sql DeleteSql = new("DELETE FROM api_key WHERE key_id = ?1");
    private static readonly Sql SeenSql = new("UPDATE api_key SET last_login = ?2 WHERE key_id = ?1 AND (last_login IS NULL OR last_login < ?2)");

    public static AccessPage<ApiKey> List(Connection connection, ServiceAccountId account, AccessQuery query)
    {
        long total;
        using (var count = connection.Use(CountSql))
        {
            count.Bind(account.Value).Bind(query.Name).Bind(AccountRow.Flag(query.IsActive)).Step();
            total = count.Int64();
        }
        var keys = new List<ApiKey>();
        using var row = connection.Use(ListSql);
        row.Bind(account.Value).Bind(query.Name).Bind(AccountRow.Flag(query.IsActive)).Bind((long)query.Size).Bind((query.Page - 1L) * query.Size);
        while (row.Step())
            keys.Add(Read(row).Key);
        return new AccessPage<ApiKey>(keys, total);
    }

    public static StoredApiKey? Find(Connection connection, ServiceAccountId account, string nameOrId)
    {
        if (Guid.TryParse(nameOrId, out var id) && Find(connection, new ApiKeyId(id)) is { } byId && byId.Key.ServiceAccountId == account)
            return byId;
        using var row = connection.Use(ByNameSql);
        return row.Bind(account.Value).Bind(nameOrId).Step() ? Read(row) : null;
    }

    public static StoredApiKey? Find(Connection connection, ApiKeyId id)
    {
        using var row = connection.Use(ByIdSql);
        return row.Bind(id.Value).Step() ? Read(row) : null;
    }

    /// <summary>False when the name is taken.</summary>
    public static bool Insert(Connection connection, StoredApiKey stored)
    {
        var key = stored.Key;
        using var insert = connection.Use(InsertSql);
        return insert.Bind(key.Id.Value).Bind(key.ServiceAccountId.Value).Bind(key.Name).Bind(key.Description).Bind(key.IsActive).Bind(key.CreatedAt).Bind(key.UpdatedAt)
            .Bind((long)key.RetainPeriodMinutes).Bind(key.ExpiresAt).Bind(stored.Hash).Run() == 1;
    }

    public static void Update(Connection connection, StoredApiKey stored)
    {
        var key = stored.Key;
        using var update = connection.Use(UpdateSql);
        update.Bind(key.Id.Value).Bind(key.Name).Bind(key.Description).Bind(key.IsActive).Bind(key.UpdatedAt).Bind(key.LastRotated).Bind((long)key.RetainPeriodMinutes)
            .Bind(stored.Hash).Bind(stored.RetainedHash).Bind(stored.RetainedUntil).Run();
    }

    public static void Delete(Connection connection, ApiKeyId id)
    {
        using var delete = connection.Use(DeleteSql);
        delete.Bind(id.Value).Run();
    }

    public static void Seen(Connection connection, ApiKeyId id, DateTimeOffset at)
    {
        using var seen = connection.Use(SeenSql);
        seen.Bind(id.Value).Bind(at).Run();
    }

    private static StoredApiKey Read(Statement row) => new(
        new ApiKey
        {
            Id = new ApiKeyId(row.Id()),
            Name = row.Text(),
            ServiceAccountId = new ServiceAccountId(row.Id()),
            ServiceAccountName = row.Text(),
            Description = row.TextOrNull(),
            IsActive = row.Boolean(),
            CreatedAt = row.Time(),
            UpdatedAt = row.Time(),
            LastLogin = row.TimeOrNull(),
            LastRotated = row.TimeOrNull(),
            RetainPeriodMinutes = row.Int32(),
            ExpiresAt = row.TimeOrNull(),
        },
        row.Bytes(), row.BytesOrNull(), row.TimeOrNull());
}
