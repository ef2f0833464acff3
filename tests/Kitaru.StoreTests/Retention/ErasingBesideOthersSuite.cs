using System.Collections.Concurrent;
using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

/// <summary>Executions are deleted and pruned while others are created, claimed, written and read, through several openings of the store.</summary>
public abstract class ErasingBesideOthersSuite : RetentionSuite
{
    private const string Kept = "kept";
    private const string Gone = "gone";
    private const int Creators = 3;
    private const int OfEach = 16;
    private const int Steps = 4;
    private const int All = Creators * OfEach * 2;

    private readonly ConcurrentQueue<ExecutionId> _mayGo = [];
    private readonly ConcurrentBag<ExecutionId> _kept = [];
    private readonly ConcurrentBag<ExecutionId> _ended = [];

    private protected ErasingBesideOthersSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Erasing_WhileOthersCreateClaimAppendAndRead_FailsNobodyAndLosesNothingOfOthers()
    {
        IControlPlane[] planes = [Plane, await OpenAsync()];
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        // They share a large value with those that go.
        var shared = Large('s');

        var creating = Enumerable.Range(0, Creators).Select(i => Task.Run(() => CreateAsync(planes[i % 2], shared)));
        var working = Enumerable.Range(0, 3).Select(i => Task.Run(() => WorkAsync(planes[i % 2], shared, limit.Token)));
        var others = Task.WhenAll(creating.Concat(working));
        var beside = Task.WhenAll(
            Task.Run(() => DeleteAsync(planes[0], others)), Task.Run(() => DeleteAsync(planes[1], others)), Task.Run(() => PruneAsync(planes[1], others)),
            Task.Run(() => ReadAsync(planes[0], others)), Task.Run(() => ReadAsync(planes[1], others)));
        await Task.WhenAll(others, beside);
        Time.Advance(TimeSpan.FromHours(1));
        await Plane.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.Zero, Flow = Gone, DryRun = false });

        (await Plane.Executions.ListAsync(new ExecutionQuery { Flow = Gone })).Total.ShouldBe(0);
        (await Plane.Executions.ListAsync(new ExecutionQuery { Flow = Kept, Statuses = [ExecutionStatus.Completed] })).Total.ShouldBe(_kept.Count);
        _kept.Count.ShouldBe(All / 2);
        foreach (var id in _kept)
        {
            (await Plane.Executions.GetAsync(id)).Calls.Count.ShouldBe(Steps);
            (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id, FromStart = true })).Count(line => line.Message.StartsWith("step ", StringComparison.Ordinal)).ShouldBe(Steps);
            var result = (await FindAsync(id)).Result.ShouldNotBeNull();
            (await Plane.Artifacts.ReadAsync(result, 0, 3)).Length.ShouldBe(3);
        }
        var size = await Plane.Retention.MeasureAsync();
        (size.Rows["execution"], size.Rows["journal"]).ShouldBe((All / 2, All / 2 * Steps));
        size.Executions.Where(count => count.Value != 0).ShouldBe([new(ExecutionStatus.Completed, All / 2)]);
    }

    private async Task CreateAsync(IControlPlane plane, string shared)
    {
        for (var i = 0; i < OfEach; i++)
        {
            await plane.Executions.CreateAsync(New(Kept, i % 4 == 0 ? shared : "{}") with { Tags = ["beside"] });
            await plane.Executions.CreateAsync(New(Gone, i % 4 == 0 ? shared : "{}") with { Tags = ["beside"] });
        }
    }

    private async Task WorkAsync(IControlPlane plane, string shared, CancellationToken limit)
    {
        var worker = NewWorker();
        while (_ended.Count < All)
        {
            limit.ThrowIfCancellationRequested();
            foreach (var claim in await plane.Workers.ClaimAsync(worker, Code, max: 2, cancellationToken: limit))
            {
                for (var step = 1; step <= Steps; step++)
                {
                    await plane.Journal.AppendAsync(claim.Lease, Entry(step, $"step_{step}"), limit);
                    await plane.Logs.AppendAsync(claim.Execution.Id, [new LogEntry { Message = $"step {step}", Timestamp = Time.Now }], limit);
                }
                await plane.Journal.FinishAsync(claim.Lease, new Outcome(ExecutionStatus.Completed, null, Json(shared), null, null), limit);
                if (claim.Execution.FlowName == Kept)
                    _kept.Add(claim.Execution.Id);
                else
                    _mayGo.Enqueue(claim.Execution.Id);
                _ended.Add(claim.Execution.Id);
            }
        }
    }

    private async Task DeleteAsync(IControlPlane plane, Task others)
    {
        do
        {
            while (_mayGo.TryDequeue(out var id))
                await UnlessGoneAsync(() => plane.Retention.DeleteAsync(id));
            await Task.Yield();
        }
        while (!others.IsCompleted);
    }

    private async Task PruneAsync(IControlPlane plane, Task others)
    {
        do
        {
            Time.Advance(TimeSpan.FromMilliseconds(1));
            await plane.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.Zero, Flow = Gone, Limit = 5, DryRun = false });
        }
        while (!others.IsCompleted);
    }

    private static async Task ReadAsync(IControlPlane plane, Task others)
    {
        do
        {
            var page = await plane.Executions.ListAsync(new ExecutionQuery { Tags = ["beside"], Limit = 10 });
            foreach (var execution in page.Items)
            {
                Task<ExecutionDetail> Get() => plane.Executions.GetAsync(execution.Id);
                if (execution.FlowName == Kept)
                    (await Get()).Execution.Id.ShouldBe(execution.Id);
                else
                    await UnlessGoneAsync(Get);
            }
            await plane.Retention.MeasureAsync();
        }
        while (!others.IsCompleted);
    }

    private static async Task UnlessGoneAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (KitaruNotFoundException)
        {
            // Somebody else has deleted it meanwhile.
        }
    }
}

public sealed class SqliteErasingBesideOthersTests() : ErasingBesideOthersSuite(new SqliteUnderTest());
