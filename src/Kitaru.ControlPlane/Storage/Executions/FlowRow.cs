using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A flow's name, stored once; executions and deployments share it.</summary>
internal static class FlowRow
{
    private static readonly Sql AddSql = new(
        """
        INSERT INTO flow (flow_id, name, created_at) VALUES (?1, ?2, ?3)
        ON CONFLICT (name) DO NOTHING
        """);

    private static readonly Sql FindSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    /// <summary>Stores it if it is new; its id.</summary>
    public static FlowId Put(Connection connection, FlowId newId, string name, DateTimeOffset now)
    {
        using (var add = connection.Use(AddSql))
            add.Bind(newId.Value).Bind(name).Bind(now).Post();
        using var find = connection.Use(FindSql);
        find.Bind(name).Step();
        return new FlowId(find.Id());
    }
}
