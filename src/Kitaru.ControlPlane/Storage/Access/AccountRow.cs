using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A service account with its roles.</summary>
internal static class AccountRow
{
    private const string Columns = "SELECT account_id, name, full_name, description, is_active, is_admin, created_at, updated_at FROM service_account";

    private static readonly Sql ListSql = new($"{Columns} WHERE (?1 IS NULL OR name = ?1) AND (?2 = -1 OR is_active = ?2) ORDER BY name LIMIT ?3 OFFSET ?4",
        $"{Columns} WHERE (?1::text IS NULL OR name = ?1) AND (?2 = -1 OR is_active = ?2) ORDER BY name LIMIT ?3 OFFSET ?4");

    private static readonly Sql CountSql = new("SELECT count(*) FROM service_account WHERE (?1 IS NULL OR name = ?1) AND (?2 = -1 OR is_active = ?2)",
        "SELECT count(*) FROM service_account WHERE (?1::text IS NULL OR name = ?1) AND (?2 = -1 OR is_active = ?2)");

    private static readonly Sql ByIdSql = new($"{Columns} WHERE account_id = ?1");
    private static readonly Sql ByNameSql = new($"{Columns} WHERE name = ?1");
    private static readonly Sql RolesSql = new("SELECT project_id, role FROM project_role WHERE account_id = ?1");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO service_account (account_id, name, full_name, description, is_active, is_admin, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT DO NOTHING
        """);

    private static readonly Sql UpdateSql = new(
        "UPDATE service_account SET name = ?2, full_name = ?3, description = ?4, is_active = ?5, is_admin = ?6, updated_at = ?7 WHERE account_id = ?1");

    private static readonly Sql TouchSql = new("UPDATE service_account SET updated_at = ?2 WHERE account_id = ?1");
    private static readonly Sql DeleteSql = new("DELETE FROM service_account WHERE account_id = ?1");
    private static readonly Sql RevokeSql = new("DELETE FROM project_role WHERE account_id = ?1 AND project_id = ?2");

    private static readonly Sql GrantSql = new(
        "INSERT INTO project_role (account_id, project_id, role) VALUES (?1, ?2, ?3) ON CONFLICT (account_id, project_id) DO UPDATE SET role = excluded.role");

    public static AccessPage<ServiceAccount> List(Connection connection, AccessQuery query)
    {
        long total;
        using (var count = connection.Use(CountSql))
        {
            count.Bind(query.Name).Bind(Flag(query.IsActive)).Step();
            total = count.Int64();
        }
        var accounts = new List<ServiceAccount>();
        using (var row = connection.Use(ListSql))
        {
            row.Bind(query.Name).Bind(Flag(query.IsActive)).Bind((long)query.Size).Bind((query.Page - 1L) * query.Size);
            while (row.Step())
                accounts.Add(Read(row));
        }
        return new AccessPage<ServiceAccount>([.. accounts.Select(account => WithRoles(connection, account))], total);
    }

    public static ServiceAccount? Find(Connection connection, string nameOrId) =>
        (Guid.TryParse(nameOrId, out var id) ? Find(connection, new ServiceAccountId(id)) : null) ?? One(connection, connection.Use(ByNameSql).Bind(nameOrId));

    public static ServiceAccount? Find(Connection connection, ServiceAccountId id) => One(connection, connection.Use(ByIdSql).Bind(id.Value));

    /// <summary>False when the name is taken.</summary>
    public static bool Insert(Connection connection, ServiceAccount account)
    {
        using var insert = connection.Use(InsertSql);
        return insert.Bind(account.Id.Value).Bind(account.Name).Bind(account.FullName).Bind(account.Description).Bind(account.IsActive).Bind(account.IsAdmin)
            .Bind(account.CreatedAt).Bind(account.UpdatedAt).Run() == 1;
    }

    public static void Update(Connection connection, ServiceAccount account)
    {
        using var update = connection.Use(UpdateSql);
        update.Bind(account.Id.Value).Bind(account.Name).Bind(account.FullName).Bind(account.Description).Bind(account.IsActive).Bind(account.IsAdmin).Bind(account.UpdatedAt).Run();
    }

    public static void Delete(Connection connection, ServiceAccountId id)
    {
        using var delete = connection.Use(DeleteSql);
        delete.Bind(id.Value).Run();
    }

    public static void SetRole(Connection connection, ServiceAccountId account, ProjectId project, Role? role, DateTimeOffset now)
    {
        using (var change = connection.Use(role is null ? RevokeSql : GrantSql))
        {
            change.Bind(account.Value).Bind(project.Value);
            if (role is { } given)
                change.Bind(AccessJson.Word(given));
            change.Run();
        }
        using var touch = connection.Use(TouchSql);
        touch.Bind(account.Value).Bind(now).Run();
    }

    internal static long Flag(bool? value) => value switch { true => 1, false => 0, null => -1 };

    private static ServiceAccount? One(Connection connection, Statement row)
    {
        ServiceAccount? account;
        using (row)
            account = row.Step() ? Read(row) : null;
        return account is null ? null : WithRoles(connection, account);
    }

    private static ServiceAccount Read(Statement row) => new(
        new ServiceAccountId(row.Id()), row.Text(), row.TextOrNull(), row.TextOrNull(), row.Boolean(), row.Boolean(), new Dictionary<ProjectId, Role>(), row.Time(), row.Time());

    private static ServiceAccount WithRoles(Connection connection, ServiceAccount account)
    {
        var roles = new Dictionary<ProjectId, Role>();
        using var row = connection.Use(RolesSql);
        row.Bind(account.Id.Value);
        while (row.Step())
            roles[new ProjectId(row.Id())] = Enum.Parse<Role>(row.Text(), ignoreCase: true);
        return account with { Roles = roles };
    }
}
