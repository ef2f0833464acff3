namespace Kitaru.StoreTests;

/// <summary>Fills a store for a probe faster than executions could run.</summary>
internal static class ProbeStore
{
    /// <summary>The statements for ended executions of ten flows: every tenth failed, the 17th stands on the stack "rare".</summary>
    public static string Executions(int count) =>
        $"""
        INSERT INTO flow SELECT randomblob(16), 'flow_' || value, 0 FROM json_each('[0,1,2,3,4,5,6,7,8,9]');
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO execution (exec_id, status, created_at, started_at, ended_at, checkpoint_count, artifact_count, flow_id, snapshot_id, stack_name,
            retries, seed, inputs_media, inputs_type, inputs_size, inputs_hash, inputs)
        SELECT unhex(printf('%012x7000%016x', 1750000000000 + i, i)), iif(i % 10 = 0, 'failed', 'completed'), i, i, i, 10, 10,
            (SELECT flow_id FROM flow WHERE name = 'flow_' || (i % 10)), 's', iif(i = 17, 'rare', 'default'), 0, 0, 'application/json', 'o', 300,
            randomblob(32), randomblob(300)
        FROM n;
        """;
}
