using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A replay's plan.</summary>
internal static class ReplayRow
{
    private static readonly Sql InsertSql = new("INSERT INTO replay (exec_id, plan) VALUES (?1, ?2)");

    private static readonly Sql FindSql = new("SELECT plan FROM replay WHERE exec_id = ?1");

    public static string Write(ReplayPlan plan) => KitaruJson.Write(ReplayPlanJson.Of(plan));

    public static void Insert(Connection connection, ExecutionId id, string plan)
    {
        using var statement = connection.Use(InsertSql);
        statement.Bind(id.Value).Bind(plan).Post();
    }

    public static ReplayPlan? Find(Connection connection, ExecutionId id)
    {
        using var row = connection.Use(FindSql);
        return row.Bind(id.Value).Step() ? ReplayPlanJson.Read((JsonObject)KitaruJson.Parse(row.Text())!) : null;
    }
}
