using Kitaru.Core;

namespace Kitaru.StoreTests.Retention;

public abstract class PruneSuite : RetentionSuite
{
    private protected PruneSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Prune_ByAge_DryRunFirst_ThenJustThese()
    {
        var (old, failed) = (await EndedAsync(), await EndedAsync(ExecutionStatus.Failed));
        var firstEnd = Time.Now;
        var running = await HeldAsync();
        Time.Advance(TimeSpan.FromDays(10));
        var young = await EndedAsync();
        var query = new PruneQuery { OlderThan = TimeSpan.FromDays(5) };

        var told = await Plane.Retention.PruneAsync(query);
        var stillThere = (await Plane.Executions.ListAsync(new ExecutionQuery())).Total;
        var done = await Plane.Retention.PruneAsync(query with { DryRun = false });

        stillThere.ShouldBe(4);
        (told.Matched, told.Selected, told.Deleted, told.Remaining, told.DryRun).ShouldBe((2, 2, 0, 2, true));
        (done.Matched, done.Selected, done.Deleted, done.Remaining, done.DryRun).ShouldBe((2, 2, 2, 0, false));
        (told.Oldest, told.Newest, told.Bytes).ShouldBe((firstEnd, firstEnd, done.Bytes));
        told.Bytes.ShouldBeGreaterThan(0);
        told.ByStatus.ShouldBe(new Dictionary<ExecutionStatus, int> { [ExecutionStatus.Completed] = 1, [ExecutionStatus.Failed] = 1 }, ignoreOrder: true);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Items.Select(item => item.Id).ShouldBe([young, running.ExecutionId], ignoreOrder: true);
        (await Plane.Retention.PruneAsync(query with { DryRun = false })).Matched.ShouldBe(0);
        old.ShouldNotBe(failed);
    }

    [Fact]
    public async Task Prune_StatusFlowAndLimit_AllHold_OldestFirst()
    {
        var ids = new List<ExecutionId>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await EndedAsync(i % 2 == 0 ? ExecutionStatus.Failed : ExecutionStatus.Cancelled, i < 5 ? "a" : "b"));
            Time.Advance(TimeSpan.FromHours(1));
        }

        var failedOfA = await Plane.Retention.PruneAsync(
            new PruneQuery { OlderThan = TimeSpan.Zero, Statuses = [ExecutionStatus.Failed], Flow = "a", Limit = 2, DryRun = false });

        (failedOfA.Matched, failedOfA.Deleted, failedOfA.Remaining).ShouldBe((3, 2, 1));
        (failedOfA.Newest - failedOfA.Oldest).ShouldBe(TimeSpan.FromHours(2));
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Items.Select(item => item.Id).ShouldBe([ids[5], ids[4], ids[3], ids[1]]);
        (await Plane.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.Zero, Flow = "no such flow" })).Matched.ShouldBe(0);
    }

    [Fact]
    public async Task Prune_KeepNewest_KeepsThemOfEachFlow_WhateverTheirStatus()
    {
        var ids = new List<ExecutionId>();
        for (var i = 0; i < 8; i++)
        {
            ids.Add(await EndedAsync(i % 4 < 2 ? ExecutionStatus.Completed : ExecutionStatus.Failed, i % 2 == 0 ? "even" : "odd"));
            Time.Advance(TimeSpan.FromDays(1));
        }

        // Of each flow the two that ended last are kept, one completed and one failed.
        var result = await Plane.Retention.PruneAsync(
            new PruneQuery { OlderThan = TimeSpan.FromHours(1), Statuses = [ExecutionStatus.Failed], KeepNewest = 2, DryRun = false });

        (result.Matched, result.Deleted).ShouldBe((2, 2));
        (await Plane.Executions.ListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Failed] })).Items.Select(item => item.Id).ShouldBe([ids[7], ids[6]]);
        (await Plane.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.Zero, KeepNewest = 1000 })).Matched.ShouldBe(0);
    }

    [Fact]
    public async Task Prune_ManyWithASharedValue_ToldBytesAreTheRemovedOnes()
    {
        for (var i = 0; i < 120; i++)
            await EndedAsync();
        await FullExecutionAsync("a", Large('s'));
        await FullExecutionAsync("b", Large('s'));
        Time.Advance(TimeSpan.FromDays(1));
        var query = new PruneQuery { OlderThan = TimeSpan.FromHours(1) };

        var told = await Plane.Retention.PruneAsync(query);
        var done = await Plane.Retention.PruneAsync(query with { DryRun = false });

        (done.Deleted, done.Bytes).ShouldBe((122, told.Bytes));
        var size = await Plane.Retention.MeasureAsync();
        size.Artifacts.Count.ShouldBe(0);
        size.Rows.Where(table => table.Key is not ("flow" or "schema_version" or "execution_count")).ShouldAllBe(table => table.Value == 0);
    }

    [Fact]
    public async Task Prune_TwoAtOnce_EachExecutionIsDeletedOnce()
    {
        for (var i = 0; i < 200; i++)
            await EndedAsync();
        Time.Advance(TimeSpan.FromDays(1));
        var other = await OpenAsync();
        var query = new PruneQuery { OlderThan = TimeSpan.FromHours(1), DryRun = false };

        var results = await Task.WhenAll(Plane.Retention.PruneAsync(query), other.Retention.PruneAsync(query));

        results.Sum(result => result.Deleted).ShouldBe(200);
        (await Plane.Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Theory]
    [InlineData(-1, 1000, 0, "OlderThan")]
    [InlineData(1, 0, 0, "limit")]
    [InlineData(1, 10_001, 0, "limit")]
    [InlineData(1, 1000, -1, "keep_newest")]
    public async Task Prune_WithNonsense_IsRefused(int days, int limit, int keep, string named) =>
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Retention.PruneAsync(
            new PruneQuery { OlderThan = TimeSpan.FromDays(days), Limit = limit, KeepNewest = keep }))).Message.ShouldContain(named);

    [Fact]
    public async Task Prune_OfWhatHasNotEnded_IsRefused() =>
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Retention.PruneAsync(
            new PruneQuery { OlderThan = TimeSpan.Zero, Statuses = [ExecutionStatus.Waiting] }))).NextStep!.ShouldContain("kitaru_executions_cancel");

    [Fact]
    public async Task Prune_OlderThanTimeItself_MatchesNothing()
    {
        await EndedAsync();

        (await Plane.Retention.PruneAsync(new PruneQuery { OlderThan = TimeSpan.MaxValue })).Matched.ShouldBe(0);
    }
}

public sealed class SqlitePruneTests() : PruneSuite(new SqliteUnderTest());
