namespace Kitaru.ControlPlane.Storage;

/// <summary>Which key is in use. A value refers to it, so none can be left under a key that is not.</summary>
internal static class ActiveKeyRow
{
    private static readonly Sql FindSql = new("SELECT version, fingerprint FROM secret_key ORDER BY version DESC LIMIT 1");
    private static readonly Sql AnyValueSql = new("SELECT EXISTS (SELECT 1 FROM secret_value)");
    private static readonly Sql InsertSql = new("INSERT INTO secret_key (version, fingerprint) VALUES (?1, ?2)");
    private static readonly Sql DeleteOthersSql = new("DELETE FROM secret_key WHERE version <> ?1");

    public static ActiveKey? Find(Connection connection)
    {
        using var row = connection.Use(FindSql);
        return row.Step() ? new ActiveKey(row.Int32(), row.BytesOrNull()!) : null;
    }

    public static bool AnyValue(Connection connection)
    {
        using var row = connection.Use(AnyValueSql);
        row.Step();
        return row.Boolean();
    }

    public static bool Is(ActiveKey? active, ActiveKey key) =>
        active is not null && active.Version == key.Version && active.Fingerprint.AsSpan().SequenceEqual(key.Fingerprint);

    public static void Insert(Connection connection, ActiveKey key)
    {
        using var insert = connection.Use(InsertSql);
        insert.Bind(key.Version).Bind(key.Fingerprint).Run();
    }

    /// <summary>Leaves this one alone.</summary>
    public static void DeleteOthers(Connection connection, ActiveKey key)
    {
        using var delete = connection.Use(DeleteOthersSql);
        delete.Bind(key.Version).Run();
    }
}
