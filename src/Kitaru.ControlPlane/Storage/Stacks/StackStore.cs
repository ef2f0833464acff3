using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

internal sealed class StackStore(StoreSession session) : IStackStore
{
    private const string Columns = "SELECT stack_id, name, type, settings, created_at FROM stack";

    private static readonly Sql ListSql = new($"{Columns} ORDER BY name");

    private static readonly Sql ByIdSql = new($"{Columns} WHERE stack_id = ?1");

    private static readonly Sql ByNameSql = new($"{Columns} WHERE name = ?1");

    private static readonly Sql InsertSql = new(
        """
        INSERT INTO stack (stack_id, name, type, settings, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
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

    public Task<StackWritten> InsertAsync(StackRecord stack, SecretChange? credentials, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Secrets);
                if (IsTaken(connection, stack.Name))
                    return StackWritten.NameTaken;
                // The secret first: it is refused without a change, and then the stack must not be there either.
                if (credentials is not null && SecretStore.Put(connection, credentials, credentials.Values.Count, session.Now) != SecretWritten.Done)
                    return StackWritten.OtherKey;
                using var insert = connection.Use(InsertSql);
                insert.Bind(stack.Id.Value).Bind(stack.Name).Bind(stack.Type).Bind(KitaruJson.Write(stack.Settings)).Bind(stack.CreatedAt).Run();
                return StackWritten.Done;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(StackId id, SecretId? credentials, CancellationToken cancellationToken) =>
        session.WriteAloneAsync(
            connection =>
            {
                connection.Lock(OneAtATime.Secrets);
                using (var delete = connection.Use(DeleteSql))
                {
                    if (delete.Bind(id.Value).Run() == 0)
                        return false;
                }
                if (credentials is { } secret)
                    SecretRow.Delete(connection, secret);
                return true;
            },
            cancellationToken);

    private static bool IsTaken(Connection connection, string name)
    {
        using var row = connection.Use(ByNameSql);
        return row.Bind(name).Step();
    }

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
