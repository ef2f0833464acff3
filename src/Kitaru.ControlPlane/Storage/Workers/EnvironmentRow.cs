using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane.Storage;

/// <summary>An environment, stored once; the plain one needs no row.</summary>
internal static class EnvironmentRow
{
    private static readonly Sql PutSql = new(
        """
        INSERT INTO environment (environment_id, settings) VALUES (?1, ?2)
        ON CONFLICT (environment_id) DO NOTHING
        """);

    private static readonly Sql FindSql = new("SELECT settings FROM environment WHERE environment_id = ?1");

    public static void Put(Connection connection, EnvironmentId id, WorkerEnvironment environment)
    {
        if (id == EnvironmentId.Plain)
            return;
        using var put = connection.Use(PutSql);
        put.Bind(id.Value).Bind(KitaruJson.Write(environment.ToJson())).Post();
    }

    public static WorkerEnvironment? Find(Connection connection, EnvironmentId id)
    {
        using var row = connection.Use(FindSql);
        return row.Bind(id.Value).Step() ? WorkerEnvironment.FromJson((JsonObject)KitaruJson.Parse(row.Text())!) : null;
    }
}
