using Kitaru.Core.Configuration;
using SQLitePCL;

namespace Kitaru.Bench;

/// <summary>
/// A store with very many executions, written by SQL: one a minute, ten flows of which some are frequent, two stacks, 2 % of them live, a third
/// with a tag, each with inputs, result and metadata of usual size. The same rows every time.
/// </summary>
internal static class LargeStore
{
    // h is a fixed shuffle of the number, so that nothing lies in a convenient order.
    private const string Fill =
        """
        BEGIN IMMEDIATE;
        INSERT INTO flow SELECT unhex(printf('0199c0de00007000800000000000%04x', value)), 'flow_' || value, 1 FROM json_each('[0,1,2,3,4,5,6,7,8,9]');
        CREATE TEMP TABLE made AS
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $ROWS)
        SELECT i, h, created, iif(h % 1000 < 5, 'waiting', iif(h % 1000 < 20, 'queued', iif(h % 1000 < 30, 'cancelled', iif(h % 1000 < 150, 'failed', 'completed')))) status
        FROM (SELECT i, (i * 2654435761) % 4294967296 / 16 h, 1775000000000000 + i * 60000000 created FROM n);
        INSERT INTO execution (exec_id, status, created_at, started_at, ended_at, runnable_at, checkpoint_count, artifact_count, flow_id, snapshot_id, stack_name,
            retries, seed, metadata, inputs_media, inputs_type, inputs_size, inputs_hash, inputs, result_media, result_type, result_size, result_hash, result)
        SELECT unhex(printf('%012x7%03x8%015x', created / 1000, h % 4096, i)), status, created, iif(status = 'queued', NULL, created + 5000),
            iif(status IN ('waiting', 'queued'), NULL, created + 1000000 + h % 200000000), iif(status = 'queued', created, NULL),
            iif(status IN ('waiting', 'queued'), NULL, 3 + h % 20), iif(status IN ('waiting', 'queued'), NULL, 3 + h % 25),
            unhex(printf('0199c0de00007000800000000000%04x', min(h % 100, h / 100 % 100) / 10)), printf('%064x', 1), iif(h / 7 % 5 = 0, 'prod', 'default'), 0, i,
            json_object('customer_tier', json_extract('["gold","silver","bronze"]', '$[' || (h / 3 % 3) || ']'), 'score', h % 1000 / 10.0, 'region', 'eu-' || (h / 11 % 4),
                'kitaru_llm_total_tokens_v1', h % 9000),
            'application/json', 'System.Object', 300, zeroblob(32), zeroblob(300), iif(status = 'completed', 'application/json', NULL), 'System.String', 200,
            iif(status = 'completed', zeroblob(32), NULL), zeroblob(200)
        FROM made;
        INSERT INTO execution_tag (tag, created_at, exec_id) SELECT 'nightly', created_at, exec_id FROM execution e WHERE e.seed % 10 = 0;
        INSERT INTO execution_tag (tag, created_at, exec_id) SELECT 'customer-facing', created_at, exec_id FROM execution e WHERE e.seed % 3 = 0;
        INSERT INTO wait (wait_id, exec_id, ordinal, name, status, entered_at) SELECT exec_id, exec_id, 1, 'approve', 'pending', created_at FROM execution WHERE status = 'waiting';
        INSERT INTO journal (exec_id, seq, kind, status, call_id, key, name, attempt, started_at, ended_at, value_media, value_hash)
        SELECT e.exec_id, n.value, 'checkpoint', 'completed', randomblob(16), 'step_' || n.value, 'step', 1, 1, 1, 'text/plain', zeroblob(32)
        FROM execution e, json_each('[1,2,3,4,5]') n WHERE e.status = 'waiting';
        DROP TABLE made;
        COMMIT;
        """;

    /// <summary>A client of a new store with so many executions.</summary>
    public static async Task<KitaruClient> CreateAsync(string folder, int executions)
    {
        var client = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = folder });
        await client.OpenAsync();
        Check(raw.sqlite3_open(new ConfigDirectory(folder).Database, out var database));
        Check(raw.sqlite3_exec(database, Fill.Replace("$ROWS", executions.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        Check(raw.sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)"));
        database.Dispose();
        return client;

        void Check(int code)
        {
            if (code != raw.SQLITE_OK)
                throw new InvalidOperationException($"SQLite: {code} {raw.sqlite3_errmsg(database).utf8_to_string()}");
        }
    }
}
