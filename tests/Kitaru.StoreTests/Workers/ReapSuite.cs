using Kitaru.ControlPlane;
using Kitaru.Core;

namespace Kitaru.StoreTests.Workers;

public abstract class ReapSuite : StoreSuite
{
    private protected ReapSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Reap_ProcessGone_TakesItsExecutionsAtOnceAndReportsIt()
    {
        var dead = await RegisterAsync(Gone);
        var lease = (await ClaimAsync((await CreateAsync()).Id, dead.Id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("b", "b", "tool_call", 1, Time.Now)]);

        (await Plane.Workers.ReapAsync()).ShouldHaveSingleItem().Id.ShouldBe(dead.Id);

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(2, "b")));
        var record = await FindAsync(lease.ExecutionId);
        (record.Status, record.Owner, record.RunnableAt, record.Takeovers).ShouldBe((ExecutionStatus.Queued, null, Time.Now, 1));
        var claimed = await ClaimAsync(lease.ExecutionId);
        claimed.Journal.ShouldHaveSingleItem().Key.ShouldBe("a");
        var attempt = claimed.Attempts.ShouldHaveSingleItem();
        (attempt.Key, attempt.Interrupted, attempt.Attempt).ShouldBe(("b", true, 1));
        (await Plane.Workers.ListAsync()).ShouldBeEmpty();
        (await Plane.Workers.ReapAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reap_ProcessAlive_LeavesItAlone()
    {
        var alive = await RegisterAsync(ProcessIdentities.Current());
        var lease = (await ClaimAsync((await CreateAsync()).Id, alive.Id)).Lease;

        (await Plane.Workers.ReapAsync()).ShouldBeEmpty();

        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
        var listed = (await Plane.Workers.ListAsync()).ShouldHaveSingleItem();
        listed.ShouldBe(alive with { SeenAt = Time.Now });
    }

    [Fact]
    public async Task Reap_KnownDeadByWhoeverStartedIt_TakesItsExecutionsAtOnce()
    {
        var elsewhere = await RegisterAsync(new ProcessIdentity("another machine/boot/space", 1, 1));
        var lease = (await ClaimAsync((await CreateAsync()).Id, elsewhere.Id)).Lease;
        (await Plane.Workers.ReapAsync([NewWorker()])).ShouldBeEmpty();

        (await Plane.Workers.ReapAsync([elsewhere.Id])).ShouldHaveSingleItem().Id.ShouldBe(elsewhere.Id);

        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Queued);
        (await Plane.Workers.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Register_AgainAsRetiring_IsSeenByWhoeverStartsWorkers()
    {
        var worker = await RegisterAsync(ProcessIdentities.Current());
        await Plane.Workers.RegisterAsync(worker with { IsRetiring = true });
        (await Plane.Workers.ListAsync()).ShouldHaveSingleItem().ShouldBe(worker with { IsRetiring = true, SeenAt = Time.Now });
    }

    [Fact]
    public async Task Reap_LeaseRunOut_TakesIt_UnlessItWasRenewed()
    {
        var (kept, lost) = (await HeldAsync(), (await ClaimAsync((await CreateAsync()).Id, NewWorker())).Lease);
        Time.Advance(Plane.Workers.LeaseDuration - TimeSpan.FromSeconds(1));
        await Plane.Workers.RenewAsync(Worker, [kept]);
        Time.Advance(TimeSpan.FromSeconds(2));

        (await Plane.Workers.ReapAsync()).ShouldBeEmpty();

        await Plane.Journal.AppendAsync(kept, Entry(1, "a"));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lost, Entry(1, "a")));
        var signal = (await Plane.Workers.ReadSignalsAsync([kept, lost])).ShouldHaveSingleItem();
        (signal.ExecutionId, signal.Lost, signal.Cancelled).ShouldBe((lost.ExecutionId, true, false));
    }

    [Fact]
    public async Task Renew_LeavesOutWhatTheWorkerDoesNotKnowItHas()
    {
        // As after a claim whose answer was lost: in the worker's name, and run by nobody.
        var (known, unknown) = (await HeldAsync(), await HeldAsync());
        Time.Advance(Plane.Workers.LeaseDuration - TimeSpan.FromSeconds(1));
        await Plane.Workers.RenewAsync(Worker, [known]);
        Time.Advance(TimeSpan.FromSeconds(2));

        await Plane.Workers.ReapAsync();

        (await FindAsync(known.ExecutionId)).Owner.ShouldBe(Worker);
        (await FindAsync(unknown.ExecutionId)).Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public async Task Append_WithALeaseRunOutButNotTaken_Counts()
    {
        var lease = await HeldAsync();
        Time.Advance(Plane.Workers.LeaseDuration * 2);

        await Plane.Journal.AppendAsync(lease, Entry(1, "a"));
    }

    [Fact]
    public async Task Reap_WhileWaiting_StaysWaitingAndCanRun()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        Time.Advance(Plane.Workers.LeaseDuration * 2);

        await Plane.Workers.ReapAsync();

        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Waiting);
        await ClaimAsync(lease.ExecutionId);
    }

    [Fact]
    public async Task Reap_FiveDeathsInARowWithoutProgress_FailsItNamingWhatRan()
    {
        var id = (await CreateAsync()).Id;
        for (var death = 1; death <= 5; death++)
        {
            (await FindAsync(id)).Status.ShouldBe(ExecutionStatus.Queued, $"before death {death}");
            await DieAsync(id, death);
        }

        var record = await FindAsync(id);
        record.Status.ShouldBe(ExecutionStatus.Failed);
        record.Failure!.Origin.ShouldBe(FailureOrigin.Runtime);
        record.Failure.Message.ShouldContain("died 5 times in a row while running a, b");
        record.Takeovers.ShouldBe(5);
        record.CheckpointCount.ShouldBe(2);
    }

    [Fact]
    public async Task Reap_DeathsWithProgressInBetween_DoNotCount()
    {
        var id = (await CreateAsync()).Id;
        for (var death = 1; death <= 4; death++)
            await DieAsync(id, death);
        var lease = (await ClaimAsync(id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(1, "progress"));
        await ReleaseAsync(lease, ExecutionStatus.Queued);

        for (var death = 5; death <= 8; death++)
            await DieAsync(id, death);

        (await FindAsync(id)).Status.ShouldBe(ExecutionStatus.Queued);
        await DieAsync(id, 9);
        (await FindAsync(id)).Status.ShouldBe(ExecutionStatus.Failed);
    }

    [Fact]
    public async Task Reap_WorkerOfAnotherMachineThatIsSilent_IsForgotten()
    {
        var worker = await RegisterAsync(ProcessIdentities.Current() with { Machine = "a-container-that-is-gone" });
        Time.Advance(Plane.Workers.LeaseDuration * 5);
        (await Plane.Workers.ReapAsync()).ShouldBeEmpty();

        Time.Advance(Plane.Workers.LeaseDuration * 2);
        (await Plane.Workers.ReapAsync()).ShouldHaveSingleItem().Id.ShouldBe(worker.Id);
        (await Plane.Workers.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reap_DeathsWhileItOnlyWaits_DoNotCount()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "w");
        for (var death = 1; death <= 8; death++)
        {
            Time.Advance(Plane.Workers.LeaseDuration * 2);
            await Plane.Workers.ReapAsync();
            await ClaimAsync(lease.ExecutionId);
        }

        (await FindAsync(lease.ExecutionId)).Status.ShouldBe(ExecutionStatus.Waiting);
    }

    [Fact]
    public async Task Deregister_GivesItsExecutionsBackAtOnce_WithoutATakeover()
    {
        var worker = await RegisterAsync(ProcessIdentities.Current());
        var lease = (await ClaimAsync((await CreateAsync()).Id, worker.Id)).Lease;

        await Plane.Workers.DeregisterAsync(worker.Id);

        (await Plane.Workers.ListAsync()).ShouldBeEmpty();
        var claimed = await ClaimAsync(lease.ExecutionId);
        claimed.Execution.Takeovers.ShouldBe(0);
        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "a")));
    }

    [Fact]
    public async Task Reap_FromTwoProcesses_TakesOnce()
    {
        var other = await OpenAsync();
        var lease = await HeldAsync();
        Time.Advance(Plane.Workers.LeaseDuration * 2);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? Plane : other).Workers.ReapAsync()));

        (await FindAsync(lease.ExecutionId)).Takeovers.ShouldBe(1);
    }

    private static ProcessIdentity Gone => ProcessIdentities.Current() with { StartedAtTicks = 1 };

    private async Task<WorkerRecord> RegisterAsync(ProcessIdentity process)
    {
        var worker = new WorkerRecord { Id = NewWorker(), Snapshot = Code, Process = process, StartedAt = Time.Now, OutputPath = "out.log" };
        await Plane.Workers.RegisterAsync(worker);
        return worker;
    }

    private async Task DieAsync(ExecutionId id, int attempt)
    {
        var dead = await RegisterAsync(Gone);
        var lease = (await ClaimAsync(id, dead.Id)).Lease;
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("a", "a", null, attempt, Time.Now), new RunningCall("b", "b", null, attempt, Time.Now)]);
        await Plane.Workers.ReapAsync();
    }
}

public sealed class SqliteReapTests() : ReapSuite(new SqliteUnderTest());
