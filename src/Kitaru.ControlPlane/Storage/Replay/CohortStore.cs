using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Walks the newest executions of a flow along its index; calls are counted only where nothing else leaves the execution out.</summary>
internal sealed class CohortStore(StoreSession session) : ICohortStore
{
    private static readonly string[] Statuses = ["queued", "running", "sleeping", "waiting", "completed", "failed", "cancelled"];

    private const string Deployed = "(?7 IS NULL OR e.deployment_id IS NOT DISTINCT FROM ?7) AND (?8 IS NULL OR e.deployment_version IS NOT DISTINCT FROM ?8)";

    private static readonly Sql FlowSql = new("SELECT flow_id FROM flow WHERE name = ?1");

    private static readonly Sql FlowsSql = new("SELECT name FROM flow ORDER BY name LIMIT 200");

    // 1 flow, 2 how many, 3 statuses as a JSON array, 4 since, 5 until, 6 the call, 7 deployment, 8 its version.
    private static readonly Sql ScanSql = Sql.Of(dialect =>
        $"""
        SELECT e.exec_id, e.created_at, e.started_at, e.ended_at, {Number(dialect, "display_cost_usd")}, {Number(dialect, "total_tokens")},
               e.status, e.original_exec_id IS NOT NULL, {Deployed},
               CASE WHEN e.original_exec_id IS NULL AND e.status IN {Sql.Items(dialect, "?3")}
                         AND (?4 IS NULL OR e.created_at >= ?4) AND (?5 IS NULL OR e.created_at < ?5) AND {Deployed}
                    THEN (SELECT count(*) FROM (
                        SELECT j.key FROM journal j WHERE j.exec_id = e.exec_id AND j.kind <> 'sleep' AND (j.name = ?6 OR j.key = ?6)
                        UNION
                        SELECT a.key FROM attempt a WHERE a.exec_id = e.exec_id AND (a.name = ?6 OR a.key = ?6)
                        LIMIT 2) calls)
               END
        FROM (SELECT * FROM ({string.Join("\nUNION ALL\n", Statuses.Select(Newest))}) newest ORDER BY created_at DESC, exec_id DESC LIMIT ?2) p
        JOIN (SELECT x.*, {Summary(dialect)} AS summary FROM execution x) e
          ON e.exec_id = p.exec_id
        ORDER BY p.created_at DESC, p.exec_id DESC
        """);

    public Task<IReadOnlyList<CohortCandidate>?> ScanAsync(CohortScan scan, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => Scan(connection, scan), cancellationToken);

    public Task<IReadOnlyList<string>> ListFlowsAsync(CancellationToken cancellationToken) => session.ReadAsync(
        connection =>
        {
            var names = new List<string>();
            using var row = connection.Use(FlowsSql);
            while (row.Step())
                names.Add(row.Text());
            return (IReadOnlyList<string>)names;
        },
        cancellationToken);

    private static IReadOnlyList<CohortCandidate>? Scan(Connection connection, CohortScan scan)
    {
        Guid flow;
        using (var find = connection.Use(FlowSql))
        {
            if (!find.Bind(scan.Flow).Step())
                return null;
            flow = find.Id();
        }
        var candidates = new List<CohortCandidate>();
        using var row = connection.Use(ScanSql);
        row.Bind(flow).Bind((long)scan.Max).Bind(StoredJson.OfList([.. scan.Statuses.Select(StoredWords.Of)])).Bind(scan.Since).Bind(scan.Until).Bind(scan.At)
            .Bind(scan.Deployment?.Value).Bind(scan.DeploymentVersion);
        while (row.Step())
            candidates.Add(Read(row));
        return candidates;
    }

    private static CohortCandidate Read(Statement row)
    {
        var (id, created, started, ended) = (new ExecutionId(row.Id()), row.Time(), row.TimeOrNull(), row.TimeOrNull());
        var member = new CohortMember(id, created, started, ended - started, row.DoubleOrNull(), row.DoubleOrNull());
        return new CohortCandidate(member, StoredWords.ToStatus(row.Text()), row.Boolean(), row.Boolean(), (int?)row.Int64OrNull());
    }

    private static string Newest(string status) =>
        $"SELECT * FROM (SELECT exec_id, created_at FROM execution INDEXED BY execution_by_flow WHERE flow_id = ?1 AND status = '{status}' ORDER BY created_at DESC, exec_id DESC LIMIT ?2) walk";

    private static string Summary(Dialect dialect) => dialect == Dialect.Sqlite
        ? "CASE WHEN json_valid(x.metadata) THEN json_extract(x.metadata, '$.llm_usage_summary_v1') END"
        : "(SELECT CASE jsonb_typeof(s) WHEN 'string' THEN kitaru_json(s #>> '{}') ELSE s END FROM (SELECT kitaru_json(x.metadata) -> 'llm_usage_summary_v1' AS s) u)";

    /// <summary>A number of the usage summary, which is stored as JSON or as JSON text; null for anything else.</summary>
    private static string Number(Dialect dialect, string key) => dialect == Dialect.Sqlite
        ? $"CASE WHEN json_valid(e.summary) AND json_type(e.summary, '$.{key}') IN ('integer', 'real') THEN json_extract(e.summary, '$.{key}') END"
        : $"CASE WHEN jsonb_typeof(e.summary -> '{key}') = 'number' THEN (e.summary ->> '{key}')::float8 END";
}
