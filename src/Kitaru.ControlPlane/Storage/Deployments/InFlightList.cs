using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Executions of a flow that have not ended and run something else than a deployment's code.</summary>
internal static class InFlightList
{
    // 1 flow, 2 the code, 3 the deployment that does not count, 4 the limit. An execution that no deployment started counts by its code alone.
    private const string Rows =
        """
        FROM execution e INDEXED BY execution_by_flow JOIN flow f ON f.flow_id = e.flow_id
        WHERE e.flow_id = (SELECT flow_id FROM flow WHERE name = ?1) AND e.status IN ('queued', 'running', 'sleeping', 'waiting')
            AND (e.snapshot_id <> ?2 OR (e.deployment_id IS NOT NULL AND e.deployment_id IS DISTINCT FROM ?3))
        """;

    private static readonly Sql CountSql = new($"SELECT count(*) {Rows}");

    private static readonly Sql NewestSql = new($"SELECT {ExecutionRow.Columns} {Rows} ORDER BY e.created_at DESC, e.exec_id DESC LIMIT ?4");

    public static OtherCodeInFlight Read(Connection connection, string flow, SnapshotId snapshot, DeploymentId? deployment, int limit)
    {
        var items = new List<ExecutionRecord>();
        using (var row = connection.Use(NewestSql))
        {
            row.Bind(flow).Bind(snapshot.Value).Bind(deployment?.Value).Bind(limit);
            while (row.Step())
                items.Add(ExecutionRow.Read(row));
        }
        using var count = connection.Use(CountSql);
        count.Bind(flow).Bind(snapshot.Value).Bind(deployment?.Value).Step();
        return new OtherCodeInFlight(count.Int64(), items);
    }
}
