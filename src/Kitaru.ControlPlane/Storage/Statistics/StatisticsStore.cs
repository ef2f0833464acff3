using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.ControlPlane.Storage;

internal sealed class StatisticsStore(StoreSession session) : IStatisticsStore
{
    private static readonly Sql FlowSql = new("SELECT flow_id FROM flow WHERE name = ?1 OR flow_id = ?2 ORDER BY name = ?1 DESC LIMIT 1");

    public Task<IReadOnlyList<StatisticsRow>> GroupAsync(StatisticsFilter filter, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => Read(connection, filter), cancellationToken);

    private static IReadOnlyList<StatisticsRow> Read(Connection connection, StatisticsFilter filter)
    {
        var sql = StatisticsSql.Build(connection.Dialect, filter, filter.Flow is null ? null : FlowId(connection, filter.Flow));
        return connection.ReadOnce(sql.Text, statement =>
        {
            foreach (var parameter in sql.Parameters)
                parameter(statement);
            var rows = new List<StatisticsRow>();
            while (statement.Step())
                rows.Add(Row(statement, filter));
            return rows;
        });
    }

    /// <summary>By name or id; one that no flow has when there is none.</summary>
    private static Guid FlowId(Connection connection, string flow)
    {
        using var find = connection.Use(FlowSql);
        return find.Bind(flow).Bind(Guid.TryParse(flow, out var id) ? id : null).Step() ? find.Id() : Guid.Empty;
    }

    private static StatisticsRow Row(Statement row, StatisticsFilter filter)
    {
        var keys = new List<JsonNode?>();
        foreach (var grouping in filter.GroupBy)
        {
            keys.Add(grouping.Dimension switch
            {
                StatisticsDimension.Flow => row.Id().ToString("D"),
                StatisticsDimension.Time => WireTime.Text(DateTimeOffset.FromUnixTimeSeconds(row.Int64())),
                StatisticsDimension.Metadata => row.Scalar(),
                _ => row.Text(),
            });
        }
        var (flowName, executions) = (row.TextOrNull(), row.Int64());
        return new StatisticsRow(keys, flowName, executions, [.. filter.Metrics.Select(_ => row.DoubleOrNull())]);
    }
}
