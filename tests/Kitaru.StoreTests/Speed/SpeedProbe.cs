using System.Diagnostics;
using Kitaru.ControlPlane;
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

    [Fact]
    public async Task StepsPerSecond()
    {
        if (Environment.GetEnvironmentVariable("KITARU_PROBE") is not { Length: > 0 } folder)
            return;
        foreach (var callers in (int[])[1, 32])
        {
            var (ours, floor) = (new List<double>(), new List<double>());
            for (var round = 0; round < 7; round++)
            {
                floor.Add(await RoundAsync(folder, callers, bare: true));
                ours.Add(await RoundAsync(folder, callers, bare: false));
            }
            output.WriteLine($"{callers} callers: {Median(ours):N0} steps/s, floor {Median(floor):N0}, {Median(ours) / Median(floor):P0}");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> RoundAsync(string folder, int callers, bool bare)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder, Path.GetRandomFileName())).FullName;
        var ids = new IdFactory(TimeProvider.System);
        var store = SqliteStore.Open(Path.Combine(root, "kitaru.db"), TimeProvider.System);
        var plane = new EmbeddedControlPlane(store, new LocalArtifactStore(root), ids, TimeSpan.FromSeconds(10));
        try
        {
            var worker = new WorkerId(ids.NewId());
            var leases = new List<Lease>();
            for (var i = 0; i < callers; i++)
            {
                var id = new ExecutionId(ids.NewId());
                await plane.Executions.CreateAsync(new NewExecution { Id = id, FlowName = "probe", Snapshot = new SnapshotId("p"), Inputs = StoredValue.Of(StoredValue.Json, "o", "{}"u8.ToArray()) });
                leases.Add((await plane.Workers.ClaimOneAsync(worker, new SnapshotId("p"), id))!.Lease);
            }
            var watch = Stopwatch.StartNew();
            var steps = 0L;
            await Task.WhenAll(leases.Select(lease => Task.Run(async () =>
            {
                var bytes = new byte[300];
                bytes.AsSpan().Fill((byte)'x');
                for (var seq = 1; watch.ElapsedMilliseconds < 2000; seq++)
                {
                    var key = "gather_notes_" + seq;
                    if (bare)
                    {
                        var callId = IdFactory.Derive(lease.ExecutionId, key);
                        var hash = System.Security.Cryptography.SHA256.HashData(bytes);
                        var number = seq;
                        await store.Writer.RunAsync(
                            connection =>
                            {
                                using var statement = connection.Use(FloorSql);
                                return statement.Bind(lease).Bind(number).Bind(callId).Bind(hash).Bind(bytes).Run();
                            },
                            WriteTraits.None,
                            CancellationToken.None);
                    }
                    else
                    {
                        await plane.Journal.AppendAsync(lease, new JournalEntry
                        {
                            Seq = seq, Kind = JournalKind.Checkpoint, Key = key, Name = "gather_notes", Status = JournalStatus.Completed,
                            Fingerprint = bytes[..16], Parents = seq == 1 ? [] : ["gather_notes_" + (seq - 1)],
                            Value = StoredValue.Of(StoredValue.Json, "System.String", bytes),
                            StartedAt = TimeProvider.System.GetUtcNow(), EndedAt = TimeProvider.System.GetUtcNow(),
                        });
                    }
                    Interlocked.Increment(ref steps);
                }
            })));
            return steps / watch.Elapsed.TotalSeconds;
        }
        finally
        {
            await plane.DisposeAsync();
            Directory.Delete(root, recursive: true);
        }
    }
}
