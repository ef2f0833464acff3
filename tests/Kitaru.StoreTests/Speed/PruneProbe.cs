using System.Diagnostics;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Xunit.Abstractions;

namespace Kitaru.StoreTests;

/// <summary>Not a test: prints how long a step's commit waits while another process prunes 10,000 executions, when KITARU_PROBE is set.</summary>
public sealed class PruneProbe(ITestOutputHelper output)
{
    private const int Executions = 10_000;
    private const int StepsEach = 10;

    [Fact]
    public async Task WorstWaitOfAStep()
    {
        if (Environment.GetEnvironmentVariable("KITARU_PROBE") is not { Length: > 0 } folder)
            return;
        var directory = new ConfigDirectory(Path.Combine(folder, Path.GetRandomFileName()));
        await using var working = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = directory });
        await using var pruning = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = directory });
        Fill(directory.Database);
        var ids = new IdFactory(TimeProvider.System);
        var id = new ExecutionId(ids.NewId());
        await working.Executions.CreateAsync(new NewExecution { Id = id, FlowName = "work", Snapshot = new SnapshotId("p"), Inputs = StoredValue.Of(StoredValue.Json, "o", "{}"u8.ToArray()) });
        var lease = (await working.Workers.ClaimOneAsync(new WorkerId(ids.NewId()), new SnapshotId("p"), id))!.Lease;
        var seq = 0;
        await MeasureAsync("alone", () => Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System));
        var dryAt = Stopwatch.GetTimestamp();
        var told = await pruning.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.FromDays(30), Limit = Executions });
        output.WriteLine($"dry run: {Stopwatch.GetElapsedTime(dryAt).TotalMilliseconds:N0} ms, {told.Matched} matched, {told.Bytes:N0} bytes");
        var prunedAt = Stopwatch.GetTimestamp();
        PruneResult? done = null;
        await MeasureAsync("while pruning", async () => done = await pruning.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.FromDays(30), Limit = Executions, DryRun = false }));
        output.WriteLine($"pruned {done!.Deleted} in {Stopwatch.GetElapsedTime(prunedAt).TotalMilliseconds:N0} ms, {done.Bytes:N0} bytes (told {told.Bytes:N0})");
        var size = (await pruning.Retention.MeasureAsync()).Database;
        output.WriteLine($"database {size.Bytes:N0} bytes, free {size.FreeBytes:N0}, log {size.WalBytes:N0}");
        var largeAt = Stopwatch.GetTimestamp();
        using (var connection = SqliteConnection.Open(directory.Database, 10_000))
            connection.Script("VACUUM");
        output.WriteLine($"vacuum of what is left: {Stopwatch.GetElapsedTime(largeAt).TotalMilliseconds:N0} ms");

        async Task MeasureAsync(string what, Func<Task> beside)
        {
            var waits = new List<double>();
            var running = Task.Run(beside);
            while (!running.IsCompleted)
            {
                var startedAt = Stopwatch.GetTimestamp();
                await working.Journal.AppendAsync(lease, new JournalEntry
                {
                    Seq = ++seq,
                    Kind = JournalKind.Checkpoint,
                    Key = "step_" + seq,
                    Name = "step",
                    Status = JournalStatus.Completed,
                    Value = StoredValue.Of(StoredValue.Json, "o", new byte[300]),
                    StartedAt = TimeProvider.System.GetUtcNow(),
                    EndedAt = TimeProvider.System.GetUtcNow(),
                });
                waits.Add(Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds);
            }
            await running;
            waits.Sort();
            output.WriteLine($"a step {what}: p50 {waits[waits.Count / 2]:N2} ms, p99 {waits[waits.Count * 99 / 100]:N2} ms, worst {waits[^1]:N2} ms of {waits.Count}");
        }
    }

    private static void Fill(string database)
    {
        using var connection = SqliteConnection.Open(database, 1000);
        connection.Script(
            $"""
            BEGIN IMMEDIATE;
            {ProbeStore.Executions(Executions)}
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {StepsEach})
            INSERT INTO journal (exec_id, seq, kind, status, call_id, key, name, attempt, started_at, ended_at, value_media, value_type, value_size, value_hash, value)
            SELECT e.exec_id, n.i, 'checkpoint', 'completed', randomblob(16), 'step', 'step', 1, 1, 1, 'application/json', 'o', 300, randomblob(32), randomblob(300)
            FROM execution e, n;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5)
            INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, message)
            SELECT e.exec_id, n.i, 2, 1, 'step', 'a line of some eighty characters, as programs print them all day long ' || n.i FROM execution e, n;
            INSERT INTO execution_tag (tag, created_at, exec_id) SELECT 'nightly', created_at, exec_id FROM execution;
            COMMIT;
            """);
    }
}
