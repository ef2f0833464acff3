using System.Diagnostics;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;
using Xunit.Abstractions;

namespace Kitaru.StoreTests;

/// <summary>
/// Not a test: prints steps per second when KITARU_PROBE is set, beside the floor (the same statement on the same tables and the same
/// task hop, with nothing above the writer), interleaved because disks drift.
/// </summary>
public sealed class SpeedProbe(ITestOutputHelper output)
{
    private static readonly Sql FloorSql = new(
        """
        INSERT INTO journal (exec_id, seq, kind, status, call_id, key, name, attempt, started_at, ended_at, value_media, value_type, value_size, value_hash, value)
        SELECT ?1, ?4, 'checkpoint', 'completed', ?5, 'step', 'step', 1, 1, 1, 'application/json', 'System.String', 300, ?6, ?7
        FROM execution WHERE exec_id = ?1 AND owner = ?2 AND epoch = ?3
        """);

    private const int StepsPerFlow = 10;
    private const int FlowsPerCaller = 300;

    private static readonly byte[] Bytes = [.. Enumerable.Repeat((byte)'x', 300)];

    [Fact]
    public async Task StepsPerSecond()
    {
        if (Environment.GetEnvironmentVariable("KITARU_PROBE") is not { Length: > 0 } folder)
            return;
        foreach (var callers in (int[])[1, 32])
        {
            var (ours, floor) = (new List<Round>(), new List<Round>());
            for (var round = 0; round < 7; round++)
            {
                floor.Add(await RoundAsync(folder, callers, bare: true));
                ours.Add(await RoundAsync(folder, callers, bare: false));
            }
            var (our, bare) = (Median(ours, round => round.StepsPerSecond), Median(floor, round => round.StepsPerSecond));
            output.WriteLine(
                $"{callers} callers: {our:N0} steps/s, floor {bare:N0}, {our / bare:P0}; "
                + $"processor {Median(ours, round => round.ProcessorMicroseconds):N0} us a step, floor {Median(floor, round => round.ProcessorMicroseconds):N0}, written {Median(ours, round => round.BytesWritten):N0} bytes a step");
        }
    }

    /// <summary>Processor and bytes tell more than the wall clock on a machine that others use too.</summary>
    private sealed record Round(double StepsPerSecond, double ProcessorMicroseconds, double BytesWritten);

    private static long BytesWritten() => OperatingSystem.IsLinux()
        ? long.Parse(File.ReadLines("/proc/self/io").First(line => line.StartsWith("wchar", StringComparison.Ordinal)).Split(' ')[1])
        : 0;

    private static double Median(List<Round> rounds, Func<Round, double> value) => rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private static async Task<Round> RoundAsync(string folder, int callers, bool bare)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName())).FullName;
        var ids = new IdFactory(TimeProvider.System);
        var store = SqliteStore.Open(Path.Combine(root, "kitaru.db"), TimeProvider.System);
        var plane = new StoreControlPlane(store, new LocalArtifactStore(root), ids, TimeSpan.FromSeconds(10), TimeProvider.System);
        try
        {
            var (worker, code) = (new WorkerId(ids.NewId()), new SnapshotId("p"));
            var created = await Task.WhenAll(Enumerable.Range(0, callers * FlowsPerCaller).Select(_ => plane.Executions.CreateAsync(new NewExecution
            {
                Id = new ExecutionId(ids.NewId()),
                FlowName = "probe",
                Snapshot = code,
                Inputs = StoredValue.Of(StoredValue.Json, "o", "{}"u8.ToArray()),
            })));
            var leases = new List<Lease>();
            while (await plane.Workers.ClaimAsync(worker, code, 500) is { Count: > 0 } claimed)
                leases.AddRange(claimed.Select(one => one.Lease));
            using var process = Process.GetCurrentProcess();
            var (processor, written) = (process.TotalProcessorTime, BytesWritten());
            var watch = Stopwatch.StartNew();
            var steps = 0L;
            await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
            {
                for (var flow = caller; flow < leases.Count && watch.ElapsedMilliseconds < 3000; flow += callers)
                {
                    for (var seq = 1; seq <= StepsPerFlow; seq++)
                    {
                        await (bare ? FloorAsync(store, leases[flow], seq) : StepAsync(plane, leases[flow], seq));
                        Interlocked.Increment(ref steps);
                    }
                }
            })));
            var elapsed = watch.Elapsed;
            process.Refresh();
            return new Round(steps / elapsed.TotalSeconds, (process.TotalProcessorTime - processor).TotalMicroseconds / steps, (double)(BytesWritten() - written) / steps);
        }
        finally
        {
            await plane.DisposeAsync();
            Directory.Delete(root, recursive: true);
        }
    }

    private static Task StepAsync(StoreControlPlane plane, Lease lease, int seq) => plane.Journal.AppendAsync(lease, new JournalEntry
    {
        Seq = seq,
        Kind = JournalKind.Checkpoint,
        Key = "gather_notes_" + seq,
        Name = "gather_notes",
        Status = JournalStatus.Completed,
        Fingerprint = Bytes[..16],
        Parents = seq == 1 ? [] : ["gather_notes_" + (seq - 1)],
        Value = StoredValue.Of(StoredValue.Json, "System.String", Bytes),
        StartedAt = TimeProvider.System.GetUtcNow(),
        EndedAt = TimeProvider.System.GetUtcNow(),
    });

    private static Task FloorAsync(SqlStore store, Lease lease, int seq)
    {
        var callId = IdFactory.Derive(lease.ExecutionId, "gather_notes_" + seq);
        var hash = System.Security.Cryptography.SHA256.HashData(Bytes);
        return store.Session.WriteOneAsync(
            FloorSql, statement => statement.Bind(lease).Bind((long)seq).Bind(callId).Bind(hash).Bind(Bytes), CancellationToken.None);
    }
}
