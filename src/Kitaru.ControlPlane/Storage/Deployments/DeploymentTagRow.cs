using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Tags on versions. An index allows an exclusive one on a single version only; a shared one beside it is legal.</summary>
internal static class DeploymentTagRow
{
    private static readonly Sql ClearSql = new(
        """
        DELETE FROM deployment_tag
        WHERE flow_id = (SELECT flow_id FROM flow WHERE name = ?1) AND tag = ?2 AND version <> ?3
        """);

    private static readonly Sql PutSql = new(
        """
        INSERT INTO deployment_tag (flow_id, tag, version, exclusive) VALUES ((SELECT flow_id FROM flow WHERE name = ?1), ?2, ?3, ?4)
        ON CONFLICT (flow_id, tag, version) DO UPDATE SET exclusive = excluded.exclusive
        """);

    private static readonly Sql RemoveSql = new(
        """
        DELETE FROM deployment_tag
        WHERE flow_id = (SELECT flow_id FROM flow WHERE name = ?1) AND tag = ?2 AND version = ?3
        """);

    private static readonly Sql RemoveAllSql = new("DELETE FROM deployment_tag WHERE flow_id = (SELECT flow_id FROM flow WHERE name = ?1) AND version = ?2");

    /// <summary>On this version, in this form; an exclusive one leaves all others.</summary>
    public static void Put(Connection connection, string flow, int version, string tag, bool exclusive)
    {
        if (exclusive)
        {
            using var clear = connection.Use(ClearSql);
            clear.Bind(flow).Bind(tag).Bind(version).Run();
        }
        using var put = connection.Use(PutSql);
        put.Bind(flow).Bind(tag).Bind(version).Bind(exclusive).Run();
    }

    public static void Remove(Connection connection, string flow, int version, string tag)
    {
        using var remove = connection.Use(RemoveSql);
        remove.Bind(flow).Bind(tag).Bind(version).Run();
    }

    public static void RemoveAll(Connection connection, string flow, int version)
    {
        using var remove = connection.Use(RemoveAllSql);
        remove.Bind(flow).Bind(version).Run();
    }
}
