using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A project of the server.</summary>
internal static class ProjectRow
{
    private const string Columns = "SELECT project_id, name, display_name, description, created_at FROM project";

    private static readonly Sql AllSql = new($"{Columns} ORDER BY name");
    private static readonly Sql ByIdSql = new($"{Columns} WHERE project_id = ?1");
    private static readonly Sql ByNameSql = new($"{Columns} WHERE name = ?1");
    private static readonly Sql InsertSql = new("INSERT INTO project (project_id, name, display_name, description, created_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    private static readonly Sql UpdateSql = new("UPDATE project SET name = ?2, display_name = ?3, description = ?4 WHERE project_id = ?1");
    private static readonly Sql DeleteSql = new("DELETE FROM project WHERE project_id = ?1");
    private static readonly Sql LeaveSql = new("INSERT INTO project_left (project_id, deleted_at) VALUES (?1, ?2)");
    private static readonly Sql LeftSql = new("SELECT project_id FROM project_left ORDER BY deleted_at");
    private static readonly Sql ForgetSql = new("DELETE FROM project_left WHERE project_id = ?1");

    public static IReadOnlyList<Project> All(Connection connection)
    {
        var projects = new List<Project>();
        using var row = connection.Use(AllSql);
        while (row.Step())
            projects.Add(Read(row));
        return projects;
    }

    public static Project? Find(Connection connection, string nameOrId) =>
        (Guid.TryParse(nameOrId, out var id) ? One(connection.Use(ByIdSql).Bind(id)) : null) ?? One(connection.Use(ByNameSql).Bind(nameOrId));

    /// <summary>False when the id or the name is taken.</summary>
    public static bool Insert(Connection connection, Project project)
    {
        using var insert = connection.Use(InsertSql);
        return insert.Bind(project.Id.Value).Bind(project.Name).Bind(project.DisplayName).Bind(project.Description).Bind(project.CreatedAt).Run() == 1;
    }

    public static void Update(Connection connection, Project project)
    {
        using var update = connection.Use(UpdateSql);
        update.Bind(project.Id.Value).Bind(project.Name).Bind(project.DisplayName).Bind(project.Description).Run();
    }

    /// <summary>Takes it away at once; its store is removed after that.</summary>
    public static void Delete(Connection connection, ProjectId id, DateTimeOffset now)
    {
        using (var delete = connection.Use(DeleteSql))
            delete.Bind(id.Value).Run();
        using var leave = connection.Use(LeaveSql);
        leave.Bind(id.Value).Bind(now).Run();
    }

    public static IReadOnlyList<ProjectId> Left(Connection connection)
    {
        var left = new List<ProjectId>();
        using var row = connection.Use(LeftSql);
        while (row.Step())
            left.Add(new ProjectId(row.Id()));
        return left;
    }

    public static void Forget(Connection connection, ProjectId id)
    {
        using var forget = connection.Use(ForgetSql);
        forget.Bind(id.Value).Run();
    }

    private static Project? One(Statement row)
    {
        using (row)
            return row.Step() ? Read(row) : null;
    }

    private static Project Read(Statement row) => new(new ProjectId(row.Id()), row.Text(), row.TextOrNull(), row.TextOrNull(), row.Time());
}
