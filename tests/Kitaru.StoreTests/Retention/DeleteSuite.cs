using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

public abstract class DeleteSuite : RetentionSuite
{
    private protected DeleteSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Delete_EndedExecution_LeavesNothingOfIt_AndNothingElseIsTouched()
    {
        var other = await FullExecutionAsync("other");
        var id = await FullExecutionAsync("mine");
        var before = await Plane.Retention.MeasureAsync();

        var deleted = await Plane.Retention.DeleteAsync(id);

        (deleted.Id, deleted.DryRun, deleted.Status).ShouldBe((id, false, ExecutionStatus.Completed));
        var after = await Plane.Retention.MeasureAsync();
        foreach (var table in before.Rows.Keys.Where(table => table is not ("execution_count" or "execution_fact")))
            (before.Rows[table] - after.Rows[table]).ShouldBe(deleted.Rows.GetValueOrDefault(table), table);
        deleted.Rows["execution"].ShouldBe(1);
        deleted.Rows["journal"].ShouldBe(3);
        deleted.Rows["execution_tag"].ShouldBe(2);
        // Two of its own, and what happened to it beside its code.
        deleted.Rows["log_entry"].ShouldBeGreaterThan(2);
        (before.Rows["execution_fact"] - after.Rows["execution_fact"]).ShouldBe(1);
        deleted.Bytes.ShouldBeGreaterThan(100);
        after.Executions[ExecutionStatus.Completed].ShouldBe(1);
        (await Plane.Executions.FindAsync(id)).ShouldBeNull();
        (await Plane.Executions.ListAsync(new ExecutionQuery { Tags = ["nightly"] })).Items.ShouldHaveSingleItem().Id.ShouldBe(other);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(1);
        (await Plane.Executions.GetAsync(other)).Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_DryRun_SaysTheSame_AndDoesNothing()
    {
        var id = await FullExecutionAsync("mine", large: Large('a'));

        var told = await Plane.Retention.DeleteAsync(id, dryRun: true);
        var detail = await Plane.Executions.GetAsync(id);
        var done = await Plane.Retention.DeleteAsync(id);

        detail.Execution.Id.ShouldBe(id);
        told.DryRun.ShouldBeTrue();
        (done.RowBytes, done.LargeValues, done.LargeValueBytes, done.Bytes).ShouldBe((told.RowBytes, told.LargeValues, told.LargeValueBytes, told.Bytes));
        done.Rows.ShouldBe(told.Rows, ignoreOrder: true);
        done.LargeValues.ShouldBe(1);
    }

    [Fact]
    public async Task Delete_Twice_IsNotFound()
    {
        var id = await FullExecutionAsync("mine");
        await Plane.Retention.DeleteAsync(id);

        var error = await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Retention.DeleteAsync(id));

        error.Message.ShouldContain(id.ToString());
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Retention.DeleteAsync(id, dryRun: true));
    }

    [Theory]
    [InlineData("queued", "queued")]
    [InlineData("running", "running")]
    [InlineData("sleeping", "running")]
    [InlineData("waiting", "waiting")]
    public async Task Delete_NotEnded_IsRefused_NamingStateAndNextCall(string state, string word)
    {
        var id = (await CreateAsync()).Id;
        if (state != "queued")
        {
            var lease = (await ClaimAsync(id)).Lease;
            if (state == "sleeping")
                await ReleaseAsync(lease, ExecutionStatus.Sleeping, Time.Now.AddHours(1));
            if (state == "waiting")
            {
                await OpenWaitAsync(lease, "approve");
                await ReleaseAsync(lease, ExecutionStatus.Waiting);
            }
        }
        foreach (var dryRun in (bool[])[true, false])
        {
            var error = await Should.ThrowAsync<KitaruStateException>(() => Plane.Retention.DeleteAsync(id, dryRun));
            error.Message.ShouldContain($"is {word}");
            error.NextStep!.ShouldContain("kitaru_executions_cancel");
        }
        await Plane.Executions.CancelAsync(id);
        (await Plane.Retention.DeleteAsync(id)).Status.ShouldBe(ExecutionStatus.Cancelled);
    }

    [Fact]
    public async Task Delete_CancelledUnderItsWorker_TheWorkerIsFencedAndWritesNothing()
    {
        var lease = await HeldAsync();
        await Plane.Executions.CancelAsync(lease.ExecutionId);
        await Plane.Retention.DeleteAsync(lease.ExecutionId);

        await Should.ThrowAsync<KitaruLeaseLostException>(() => Plane.Journal.AppendAsync(lease, Entry(1, "late")));
        await Should.ThrowAsync<KitaruLeaseLostException>(() => FinishAsync(lease));
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Logs.AppendAsync(lease.ExecutionId, [new LogEntry { Message = "late", Timestamp = Time.Now }]));
        (await Plane.Workers.ReadSignalsAsync([lease])).ShouldHaveSingleItem().Lost.ShouldBeTrue();
        (await Plane.Retention.MeasureAsync()).Rows.Where(table => table.Key is "journal" or "log_entry" or "execution").ShouldAllBe(table => table.Value == 0);
    }

    [Fact]
    public async Task Delete_OriginalOfAReplay_TheReplayStaysWhole()
    {
        var original = await FullExecutionAsync("mine", large: Large('o'));
        var replay = New("mine") with { OriginalId = original };
        await Plane.Executions.CreateAsync(replay);

        await Plane.Retention.DeleteAsync(original);

        (await FindAsync(replay.Id)).OriginalId.ShouldBe(original);
        (await Plane.Executions.ListAsync(new ExecutionQuery { OriginalId = original })).Items.ShouldHaveSingleItem().Id.ShouldBe(replay.Id);
        await FinishAsync((await ClaimAsync(replay.Id)).Lease);
    }

    [Fact]
    public async Task Delete_WithAKey_TheKeyIsFreeAgain()
    {
        var first = await Plane.Executions.CreateAsync(New(key: "k"));
        await Plane.Executions.CancelAsync(first.Id);
        await Plane.Retention.DeleteAsync(first.Id);

        (await Plane.Executions.CreateAsync(New(key: "k"))).Id.ShouldNotBe(first.Id);
    }

    [Fact]
    public async Task Delete_BetweenTwoPages_TheListGoesOnWhereItWas()
    {
        var ids = new List<ExecutionId>();
        for (var i = 0; i < 6; i++)
        {
            ids.Insert(0, await FullExecutionAsync("mine"));
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        var first = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 2 });

        // The row the cursor stands on, and the next one.
        await Plane.Retention.DeleteAsync(ids[1]);
        await Plane.Retention.DeleteAsync(ids[2]);
        var second = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 2, Cursor = first.NextCursor });

        second.Items.Select(item => item.Id).ShouldBe([ids[3], ids[4]]);
        second.Total.ShouldBe(4);
    }

    [Fact]
    public async Task Delete_WhileSomebodyWaitsForIt_TheyAreWoken()
    {
        var id = await FullExecutionAsync("mine");
        var seen = await Plane.Executions.WaitForChangeAsync(0);
        var woken = Plane.Executions.WaitForChangeAsync(seen);

        await Plane.Retention.DeleteAsync(id);

        (await woken).ShouldBeGreaterThan(seen);
    }
}

public sealed class SqliteDeleteTests() : DeleteSuite(new SqliteUnderTest())
{
    [Fact]
    public async Task Delete_ThatBreaksOffAtItsLastRow_RemovesNothing()
    {
        var id = await FullExecutionAsync("mine", Large('k'));
        Time.Advance(TimeSpan.FromDays(1));
        var before = (await Plane.Retention.MeasureAsync()).Rows;
        Do("CREATE TRIGGER broken BEFORE DELETE ON execution BEGIN SELECT RAISE(ABORT, 'broken'); END");

        await Should.ThrowAsync<KitaruBackendException>(() => Plane.Retention.DeleteAsync(id));
        Do("DROP TRIGGER broken");

        (await Plane.Retention.MeasureAsync()).Rows.ShouldBe(before, ignoreOrder: true);
        await Plane.Artifacts.ReadAllAsync((await FindAsync(id)).Result!);
        (await Plane.Retention.DeleteAsync(id)).LargeValues.ShouldBe(1);
    }

    private void Do(string sql)
    {
        using var connection = Kitaru.ControlPlane.Storage.Sqlite.SqliteConnection.Open(((SqliteUnderTest)Store).Directory.Database, 1000);
        connection.Script(sql);
    }
}
