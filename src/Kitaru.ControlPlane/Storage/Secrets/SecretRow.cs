using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A secret without its values.</summary>
internal static class SecretRow
{
    private const string Columns = "SELECT s.secret_id, s.name, s.is_private, s.updated_at FROM secret s ";

    private static readonly Sql AllSql = new(Columns + "ORDER BY s.secret_id");
    private static readonly Sql ByIdSql = new(Columns + "WHERE s.secret_id = ?1");
    private static readonly Sql ByNameSql = new(Columns + "WHERE s.name = ?1");
    private static readonly Sql KeysSql = new("SELECT key FROM secret_value WHERE secret_id = ?1 ORDER BY key");
    private static readonly Sql InsertSql = new("INSERT INTO secret (secret_id, name, is_private, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)");

    // Later than before even on a clock that stands still: who watches for changes must see each.
    private static readonly Sql TouchSql = new(
        sqlite: "UPDATE secret SET updated_at = max(?2, updated_at + 1) WHERE secret_id = ?1",
        postgres: "UPDATE secret SET updated_at = greatest(?2, updated_at + 1) WHERE secret_id = ?1");
    private static readonly Sql DeleteValuesSql = new("DELETE FROM secret_value WHERE secret_id = ?1");
    private static readonly Sql DeleteSql = new("DELETE FROM secret WHERE secret_id = ?1");

    public static IReadOnlyList<SecretSummary> List(Connection connection)
    {
        var secrets = new List<SecretSummary>();
        using (var row = connection.Use(AllSql))
        {
            while (row.Step())
                secrets.Add(Read(row));
        }
        return [.. secrets.Select(secret => WithKeys(connection, secret))
            .OrderBy(secret => secret.Name.ToLowerInvariant(), StringComparer.Ordinal).ThenBy(secret => secret.Id.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>By its id, else by its exact name.</summary>
    public static SecretSummary? Find(Connection connection, string nameOrId) =>
        (Guid.TryParse(nameOrId, out var id) ? FindById(connection, new SecretId(id)) : null) ?? FindByName(connection, nameOrId);

    public static SecretSummary? FindByName(Connection connection, string name)
    {
        using var row = connection.Use(ByNameSql);
        return row.Bind(name).Step() ? WithKeys(connection, Read(row)) : null;
    }

    public static void Insert(Connection connection, SecretChange change, DateTimeOffset now)
    {
        using var insert = connection.Use(InsertSql);
        insert.Bind(change.Id.Value).Bind(change.Name).Bind(change.IsPrivate).Bind(now).Bind(now).Run();
    }

    public static void Touch(Connection connection, SecretId id, DateTimeOffset now)
    {
        using var touch = connection.Use(TouchSql);
        touch.Bind(id.Value).Bind(now).Run();
    }

    public static void Delete(Connection connection, SecretId id)
    {
        using (var values = connection.Use(DeleteValuesSql))
            values.Bind(id.Value).Run();
        using var secret = connection.Use(DeleteSql);
        secret.Bind(id.Value).Run();
    }

    private static SecretSummary? FindById(Connection connection, SecretId id)
    {
        using var row = connection.Use(ByIdSql);
        return row.Bind(id.Value).Step() ? WithKeys(connection, Read(row)) : null;
    }

    private static SecretSummary Read(Statement row) => new(new SecretId(row.Id()), row.Text(), row.Boolean(), [], row.Time());

    private static SecretSummary WithKeys(Connection connection, SecretSummary secret)
    {
        var keys = new List<string>();
        using var row = connection.Use(KeysSql);
        row.Bind(secret.Id.Value);
        while (row.Step())
            keys.Add(row.Text());
        return secret with { Keys = keys };
    }
}
