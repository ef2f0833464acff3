using System.Diagnostics;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Xunit.Abstractions;

namespace Kitaru.StoreTests;

/// <summary>Not a test: prints what reads cost on 100,000 executions and 100,000 log lines when KITARU_PROBE is set.</summary>
public sealed class ListProbe(ITestOutputHelper output)
{
    private const int Executions = 100_000;

    [Fact]
    public async Task ReadsOnALargeStore()
    {
        if (Environment.GetEnvironmentVariable("KITARU_PROBE") is not { Length: > 0 } folder)
            return;
        var directory = new ConfigDirectory(Path.Combine(folder, "large"));
        await using var plane = await EmbeddedControlPlane.OpenAsync(new EmbeddedOptions { Directory = directory });
        if ((await plane.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Total == 0)
            Fill(directory.Database);
        var last = (await plane.Executions.ListAsync(new ExecutionQuery { Limit = 1 })).Items[0].Id;

        await MeasureAsync("list 20", () => plane.Executions.ListAsync(new ExecutionQuery()));
        await MeasureAsync("list 20 failed", () => plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Failed] }));
        await MeasureAsync("list 20 completed", () => plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Completed] }));
        await MeasureAsync("list 20 waiting (none)", () => plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Waiting] }));
        await MeasureAsync("list 20 of flow", () => plane.Executions.ListAsync(new ExecutionQuery { Flow = "flow_3" }));
        await MeasureAsync("list 20 of flow and status", () => plane.Executions.ListAsync(new ExecutionQuery { Flow = "flow_3", Statuses = [ExecutionStatus.Failed] }));
        await MeasureAsync("list 20 of stack", () => plane.Executions.ListAsync(new ExecutionQuery { Stack = "rare" }));
        await MeasureAsync("list 20 tagged", () => plane.Executions.ListAsync(new ExecutionQuery { Tags = ["nightly"] }));
        await MeasureAsync("list 1000", () => plane.Executions.ListAsync(new ExecutionQuery { Limit = 1000 }));
        await MeasureAsync("get", () => plane.Executions.GetAsync(last));
        await MeasureAsync("find runnable", () => plane.Workers.FindRunnableAsync());
        await MeasureAsync("claim nothing", () => plane.Workers.ClaimAsync(new WorkerId(last.Value), new SnapshotId("none"), 10));
        await MeasureAsync("log tail 200 of 100,000", () => plane.Logs.ReadAsync(new LogQuery { ExecutionId = last }));
        await MeasureAsync("log tail 200 errors (none)", () => plane.Logs.ReadAsync(new LogQuery { ExecutionId = last, Level = "error" }));
        await MeasureAsync("log of one call (none)", () => plane.Logs.ReadAsync(new LogQuery { ExecutionId = last, Checkpoint = "x" }));
    }

    private async Task MeasureAsync(string what, Func<Task> read)
    {
        for (var i = 0; i < 5; i++)
            await read();
        var times = new List<double>();
        for (var i = 0; i < 101; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            await read();
            times.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
        }
        times.Sort();
        output.WriteLine($"{what}: p50 {times[50]:N2} ms, p90 {times[90]:N2} ms");
    }

    private static void Fill(string database)
    {
        using var connection = SqliteConnection.Open(database, 1000);
        connection.Script(
            $"""
            BEGIN IMMEDIATE;
            {ProbeStore.Executions(Executions)}
            INSERT INTO execution_tag (tag, created_at, exec_id) SELECT 'nightly', created_at, exec_id FROM execution WHERE created_at % 100 = 0;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
            INSERT INTO log_entry (exec_id, log_id, severity, written_at, source, message)
            SELECT (SELECT exec_id FROM execution ORDER BY created_at DESC LIMIT 1), i, 2, i, 'step', 'a line of some eighty characters, as programs print them all day long ' || i FROM n;
            COMMIT;
            """);
    }
}
