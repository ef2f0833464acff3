using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.Hosting;
using Kitaru.Testing;
using Kitaru.Testing.Stores;

namespace Kitaru.SimulationTests.Histories;

/// <summary>
/// Journals of real runs, kept for ever: each later engine must go through them without a difference. KITARU_RECORD_HISTORIES=1 records flows
/// that have no recording yet; an old one is never written again.
/// </summary>
public sealed class HistoryTests
{
    private static readonly SnapshotId Code = new("history");

    private static readonly Dictionary<string, Expression<Func<Task<string>>>> Flows = new()
    {
        [nameof(HistoryFlows.Sequential)] = () => HistoryFlows.Sequential("tea"),
        [nameof(HistoryFlows.Parallel)] = () => HistoryFlows.Parallel("tea"),
        [nameof(HistoryFlows.Race)] = () => HistoryFlows.Race("tea"),
        [nameof(HistoryFlows.Waits)] = () => HistoryFlows.Waits("tea"),
        [nameof(HistoryFlows.Sleeps)] = () => HistoryFlows.Sleeps("tea"),
        [nameof(HistoryFlows.Retries)] = () => HistoryFlows.Retries("tea"),
        [nameof(HistoryFlows.Caught)] = () => HistoryFlows.Caught("tea"),
        [nameof(HistoryFlows.Failed)] = () => HistoryFlows.Failed("tea"),
    };

    public static TheoryData<string> Recorded => [.. Flows.Keys];

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task History_IsGoneThroughWithoutADifference(string flow)
    {
        var path = Path.Combine(Folder(), flow + ".json");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("KITARU_RECORD_HISTORIES") == "1")
            (await RecordAsync(flow)).Write(path);
        var history = History.Read(path);

        var (record, commits) = await GoThroughAsync(history);

        (record.Status, History.OutcomeOf(record), commits).ShouldBe((history.Status, history.Outcome, 0));
    }

    [Fact]
    public async Task History_ThatWasTamperedWith_IsNoticed()
    {
        var history = History.Read(Path.Combine(Folder(), "Sequential.json"));
        var other = history with { Journal = [.. history.Journal.Select(entry => entry.Seq == 2 ? entry with { Fingerprint = new byte[16] } : entry)] };
        (await GoThroughAsync(other)).Record.Failure!.Origin.ShouldBe(FailureOrigin.Divergence);
    }

    private static async Task<History> RecordAsync(string flow)
    {
        await using var host = new FlowTestHost(new FlowTestOptions { Seed = flow.Length });
        var run = await host.RunAsync(Flows[flow]);
        while (run.PendingWaits.Count > 0)
        {
            if (run.PendingWaits[^1].Name == "go")
                await run.AbortAsync("go");
            else
                await run.AnswerAsync(run.PendingWaits[^1].Name, run.PendingWaits.Count);
        }
        var execution = run.Detail.Execution;
        return new History
        {
            Flow = flow,
            Execution = execution.Id.Value,
            Seed = execution.Seed,
            StartedAt = execution.StartedAt!.Value,
            Inputs = Encoding.UTF8.GetString(execution.Inputs.Inline!),
            Journal = [.. host.Database.Read(connection => JournalRow.List(connection, execution.Id, withBytes: true)).Select(WithoutPaths)],
            Status = execution.Status,
            Outcome = History.OutcomeOf(execution),
        };
    }

    /// <summary>Without what belongs to the machine it was recorded on.</summary>
    private static JournalEntry WithoutPaths(JournalEntry entry) =>
        entry.Failure is { } failure ? entry with { Failure = failure with { Traceback = null } } : entry;

    /// <summary>Puts the journal into a store and lets a worker go on from there.</summary>
    private static async Task<(ExecutionRecord Record, int Commits)> GoThroughAsync(History history)
    {
        var clock = new ManualClock(history.StartedAt);
        using var database = new MemoryDatabase(clock);
        var commits = new CommitCounter();
        await using var plane = new StoreControlPlane(
            StoreProxy.Wrap(SqliteStore.OpenInMemory(database, clock), commits), new MemoryArtifactStore(), new SeededIds(new Random(1), clock), TimeSpan.FromDays(1), clock);
        var id = new ExecutionId(history.Execution);
        await plane.Executions.CreateAsync(new NewExecution
        {
            Id = id,
            FlowName = history.Flow,
            Snapshot = Code,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", Encoding.UTF8.GetBytes(history.Inputs)),
            Seed = history.Seed,
        });
        await ImportAsync(plane, id, history);
        var before = commits[id];

        var method = typeof(HistoryFlows).GetMethod(history.Flow)!;
        var entry = FlowCatalog.FromAssemblies([method.Module.Assembly]).Find(method)!;
        var claim = (await plane.Workers.ClaimOneAsync(new WorkerId(Guid.Empty), Code, id))!;
        var run = new FlowRun(claim, entry, new FlowRunOptions { ControlPlane = plane, Time = clock, LetGo = static () => true });
        run.Start();
        await run.Ended;
        return ((await plane.Executions.FindAsync(id))!, commits[id] - before);
    }

    private static async Task ImportAsync(StoreControlPlane plane, ExecutionId id, History history)
    {
        var lease = (await plane.Workers.ClaimOneAsync(new WorkerId(Guid.Empty), Code, id))!.Lease;
        foreach (var entry in history.Journal)
        {
            if (entry.Kind == JournalKind.Wait)
            {
                await plane.Journal.OpenWaitAsync(lease, new NewWait(entry.Name, null, null, null, entry.StartedAt));
                if (entry.Status == JournalStatus.Aborted)
                    await plane.Waits.AbortAsync(id, entry.Name, "history");
                else
                    await plane.Waits.AnswerAsync(id, entry.Name, JsonNode.Parse(entry.Value!.Inline!), "history");
            }
            await plane.Journal.AppendAsync(lease, entry);
        }
        await plane.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Queued, null, null));
    }

    /// <summary>The sources when they are there, else the copy beside the tests.</summary>
    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Directory.Exists(Path.GetDirectoryName(here)) ? Path.GetDirectoryName(here)! : Path.Combine(AppContext.BaseDirectory, "Histories"), nameof(Recorded));
}
