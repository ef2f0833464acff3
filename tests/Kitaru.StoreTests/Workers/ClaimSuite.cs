using Kitaru.Core;

namespace Kitaru.StoreTests.Workers;

public abstract class ClaimSuite : StoreSuite
{
    private protected ClaimSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Claim_GivesTheOldestFirst_AndOnlyThisCode()
    {
        var created = new List<ExecutionId>();
        for (var i = 0; i < 5; i++)
        {
            created.Add((await CreateAsync()).Id);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        await Plane.Executions.CreateAsync(New() with { Snapshot = new SnapshotId("other") });

        (await Plane.Workers.ClaimAsync(Worker, Code, 3)).Select(claimed => claimed.Lease.ExecutionId).ShouldBe(created.Take(3));
        (await Plane.Workers.ClaimAsync(Worker, Code, 10)).Select(claimed => claimed.Lease.ExecutionId).ShouldBe(created.Skip(3));
        (await Plane.Workers.ClaimAsync(Worker, Code, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_SetsOwnerEpochAndStart()
    {
        var id = (await CreateAsync()).Id;
        Time.Advance(TimeSpan.FromSeconds(2));
        var started = Time.Now;

        var claimed = (await Plane.Workers.ClaimAsync(Worker, Code, 1)).ShouldHaveSingleItem();

        claimed.Lease.ShouldBe(new Lease(id, Worker, 1));
        (claimed.Execution.Status, claimed.Execution.Owner, claimed.Execution.Epoch, claimed.Execution.StartedAt, claimed.Execution.RunnableAt)
            .ShouldBe((ExecutionStatus.Running, Worker, 1, started, null));
        await ReleaseAsync(claimed.Lease, ExecutionStatus.Queued);
        Time.Advance(TimeSpan.FromSeconds(2));
        var again = await ClaimAsync(id);
        again.Execution.StartedAt.ShouldBe(started);
        again.Lease.Epoch.ShouldBe(3);
    }

    [Fact]
    public async Task ClaimOne_HeldOrOtherCodeOrUnknown_IsNull()
    {
        var lease = await HeldAsync();
        var free = (await CreateAsync()).Id;

        (await Plane.Workers.ClaimOneAsync(NewWorker(), Code, lease.ExecutionId)).ShouldBeNull();
        (await Plane.Workers.ClaimOneAsync(Worker, new SnapshotId("other"), free)).ShouldBeNull();
        (await Plane.Workers.ClaimOneAsync(Worker, Code, new ExecutionId(NewId()))).ShouldBeNull();
    }

    [Fact]
    public async Task Claim_FromTwoProcesses_GivesEachExecutionOnce()
    {
        var other = await OpenAsync();
        var created = new HashSet<ExecutionId>();
        for (var i = 0; i < 60; i++)
            created.Add((await CreateAsync()).Id);

        var batches = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => ClaimAllAsync(i % 2 == 0 ? Plane : other)));

        var claimed = batches.SelectMany(batch => batch).ToList();
        claimed.Count.ShouldBe(60);
        claimed.ToHashSet().SetEquals(created).ShouldBeTrue();
    }

    [Fact]
    public async Task Claim_WithAFlowFilter_TakesThoseFlowsOnly()
    {
        var ids = new List<ExecutionId>();
        foreach (var flow in (string[])["busy", "calm", "busy", "other"])
        {
            ids.Add((await CreateAsync(flow)).Id);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        (await Plane.Workers.ClaimAsync(Worker, Code, 10, FlowFilter.AllBut(["busy", "no_such_flow"]))).Select(claimed => claimed.Lease.ExecutionId).ShouldBe([ids[1], ids[3]]);
        (await Plane.Workers.ClaimAsync(Worker, Code, 10, FlowFilter.Only("calm"))).ShouldBeEmpty();
        (await Plane.Workers.ClaimAsync(Worker, Code, 1, FlowFilter.Only("busy"))).Select(claimed => claimed.Lease.ExecutionId).ShouldBe([ids[0]]);
        (await Plane.Workers.ClaimAsync(Worker, Code, 10)).Select(claimed => claimed.Lease.ExecutionId).ShouldBe([ids[2]]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1001)]
    public async Task Claim_MaxOutOfRange_IsAUsageError(int max) =>
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Workers.ClaimAsync(Worker, Code, max));

    [Fact]
    public async Task FindRunnable_CountsPerCode_AndKnowsTheNextSleeper()
    {
        await CreateAsync();
        await CreateAsync();
        await Plane.Executions.CreateAsync(New() with { Snapshot = new SnapshotId("other") });
        var sleeper = await HeldAsync();
        await ReleaseAsync(sleeper, ExecutionStatus.Sleeping, Time.Now.AddMinutes(3));

        var work = await Plane.Workers.FindRunnableAsync();

        work.Kinds.ShouldBe(new Dictionary<WorkerKind, int> { [Code] = 2, [new SnapshotId("other")] = 1 }, ignoreOrder: true);
        work.NextAt.ShouldBe(Time.Now.AddMinutes(3));
    }

    [Fact]
    public async Task FindRunnable_Nothing_IsEmpty()
    {
        await HeldAsync();

        var work = await Plane.Workers.FindRunnableAsync();

        work.Kinds.ShouldBeEmpty();
        work.NextAt.ShouldBeNull();
    }

    private async Task<List<ExecutionId>> ClaimAllAsync(IControlPlane plane)
    {
        var (worker, claimed) = (NewWorker(), new List<ExecutionId>());
        while (await plane.Workers.ClaimAsync(worker, Code, 3) is { Count: > 0 } batch)
            claimed.AddRange(batch.Select(one => one.Lease.ExecutionId));
        return claimed;
    }
}

public sealed class SqliteClaimTests() : ClaimSuite(new SqliteUnderTest());
