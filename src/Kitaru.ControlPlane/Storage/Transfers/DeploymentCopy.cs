using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Deployments with their numbers and tags, as rows.</summary>
internal sealed class DeploymentCopy
{
    private const string Table = "deployment";

    private static readonly Sql ListSql = new(
        """
        SELECT d.deployment_id, f.name, f.last_version, d.version FROM deployment d JOIN flow f ON f.flow_id = d.flow_id
        ORDER BY f.name, d.version
        """);

    private static readonly Sql ThereSql = new(
        "SELECT d.deployment_id FROM deployment d JOIN flow f ON f.flow_id = d.flow_id WHERE f.name = ?1 AND d.version = ?2");

    private static readonly Sql FlowIdSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    private static readonly Sql RaiseSql = new("UPDATE flow SET last_version = ?2 WHERE name = ?1 AND last_version < ?2");

    private readonly TableRows _rows;

    private DeploymentCopy(TableRows rows) => _rows = rows;

    public static DeploymentCopy Of(Connection connection) =>
        new(TableRows.Read(connection, new Dictionary<string, (string, string[])> { [Table] = ("deployment_id", []) })[Table]);

    public List<ArchivedDeployment> ReadAll(Connection connection)
    {
        var listed = new List<(Guid Id, string Flow, long Last, int Version)>();
        using (var row = connection.Use(ListSql))
        {
            while (row.Step())
                listed.Add((row.Id(), row.Text(), row.Int64(), row.Int32()));
        }
        return [.. listed.Select(one =>
        {
            var row = _rows.Read(connection, one.Id)[0];
            row.Remove("flow_id");
            return new ArchivedDeployment(one.Flow, one.Last, row, DeploymentRow.Find(connection, one.Flow, one.Version)!.Tags);
        })];
    }

    /// <summary>False when it is there already.</summary>
    /// <exception cref="KitaruStateException">Another one has its number.</exception>
    public bool Insert(Connection connection, ArchivedDeployment archived, FlowId newFlowId, DateTimeOffset now)
    {
        if (archived.Row["version"] is not JsonValue number || !number.TryGetValue<long>(out var version) || archived.Row["deployment_id"]?.ToString() is not { } id)
            throw new KitaruUsageException("A deployment has no id or number.", "Export it again; the archive was changed or is damaged.");
        using (var there = connection.Use(ThereSql))
        {
            if (there.Bind(archived.Flow).Bind(version).Step())
            {
                return there.Id().ToString("N") == id ? false : throw new KitaruStateException(
                    $"Flow '{Texts.Short(archived.Flow, 80)}' has another deployment number {version} here: two histories cannot be one.",
                    "Import into a project in which the flow has no deployments.");
            }
        }
        FlowRow.Put(connection, newFlowId, archived.Flow, now);
        Guid flow;
        using (var find = connection.Use(FlowIdSql))
        {
            find.Bind(archived.Flow).Step();
            flow = find.Id();
        }
        var row = archived.Row.DeepClone().AsObject();
        row["flow_id"] = flow.ToString("N");
        _rows.Insert(connection, row);
        foreach (var (tag, exclusive) in archived.Tags)
            DeploymentTagRow.Put(connection, archived.Flow, (int)version, tag, exclusive);
        using var raise = connection.Use(RaiseSql);
        raise.Bind(archived.Flow).Bind(archived.LastVersion).Run();
        return true;
    }
}
