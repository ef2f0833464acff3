using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>An encrypted value.</summary>
internal static class SecretValueRow
{
    private static readonly Sql OfSecretSql = new("SELECT key, key_version, nonce, sealed FROM secret_value WHERE secret_id = ?1 ORDER BY key");
    private static readonly Sql AllSql = new("SELECT secret_id, key, key_version, nonce, sealed FROM secret_value ORDER BY secret_id, key");

    private static readonly Sql PutSql = new(
        """
        INSERT INTO secret_value (secret_id, key, key_version, nonce, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (secret_id, key) DO UPDATE SET key_version = excluded.key_version, nonce = excluded.nonce, sealed = excluded.sealed
        """);

    public static IReadOnlyList<SealedValue> OfSecret(Connection connection, SecretId id)
    {
        var values = new List<SealedValue>();
        using var row = connection.Use(OfSecretSql);
        row.Bind(id.Value);
        while (row.Step())
            values.Add(Read(row));
        return values;
    }

    public static IReadOnlyList<(SecretId Secret, SealedValue Value)> All(Connection connection)
    {
        var values = new List<(SecretId, SealedValue)>();
        using var row = connection.Use(AllSql);
        while (row.Step())
            values.Add((new SecretId(row.Id()), Read(row)));
        return values;
    }

    public static void Put(Connection connection, SecretId id, SealedValue value)
    {
        using var put = connection.Use(PutSql);
        put.Bind(id.Value).Bind(value.Key).Bind(value.KeyVersion).Bind(value.Nonce).Bind(value.Sealed).Run();
    }

    private static SealedValue Read(Statement row) => new(row.Text(), row.Int32(), row.BytesOrNull()!, row.BytesOrNull()!);
}
