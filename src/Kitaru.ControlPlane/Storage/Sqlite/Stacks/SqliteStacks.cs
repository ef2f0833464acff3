using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage.Sqlite;

internal sealed class SqliteStacks(SqliteSession session) : IStackStore
{
    private const string Columns = "SELECT stack_id, name, type, settings, created_at FROM stack";

    private static readonly Sql ListSql = new($"{Columns} ORDER BY name");

    private static readonly Sql ByIdSql = new($"{Columns} WHERE stack_id = ?1");

    private static readonly Sql ByNameSql = new($"{Columns} WHERE name = ?1");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO stack (stack_id, name, type, settings, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (name) DO NOTHING
        """);

    private static readonly Sql DeleteSql = new("DELETE FROM stack WHERE stack_id = ?1");

    public Task<IReadOnlyList<StackRecord>> ListAsync(CancellationToken cancellationToken) =>
        session.ReadAsync<IReadOnlyList<StackRecord>>(
            connection =>
            {
                var stacks = new List<StackRecord>();
                using var row = connection.Use(ListSql);
                while (row.Step())
                    stacks.Add(Read(row));
                return stacks;
            },
            cancellationToken);

    public Task<StackRecord?> FindAsync(StackId id, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                using var row = connection.Use(ByIdSql);
                return row.Bind(id.Value).Step() ? Read(row) : null;
            },
            cancellationToken);

    public Task<StackRecord?> FindAsync(string name, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection =>
            {
                using var row = connection.Use(ByNameSql);
                return row.Bind(name).Step() ? Read(row) : null;
            },
            cancellationToken);

    public Task<bool> InsertAsync(StackRecord stack, CancellationToken cancellationToken) =>
        session.WriteAsync(
            connection =>
            {
                using var insert = connection.Use(InsertSql);
                return insert.Bind(stack.Id.Value).Bind(stack.Name).Bind(stack.Type).Bind(KitaruJson.Write(stack.Settings)).Bind(stack.CreatedAt).Run() == 1;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(StackId id, CancellationToken cancellationToken) =>
        session.WriteAsync(
            connection =>
            {
                using var delete = connection.Use(DeleteSql);
                return delete.Bind(id.Value).Run() == 1;
            },
            cancellationToken);

    private static StackRecord Read(Statement row) => new()
    {
        Id = new StackId(row.Id()),
        Name = row.Text(),
        Type = row.Text(),
        IsManaged = true,
        Settings = row.JsonOrNull()!,
        CreatedAt = row.Time(),
    };
}
