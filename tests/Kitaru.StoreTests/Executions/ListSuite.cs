using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class ListSuite : StoreSuite
{
    private protected ListSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task List_Pages_CoverEverythingOnceNewestFirst()
    {
        var created = new List<ExecutionId>();
        for (var i = 0; i < 25; i++)
        {
            // Some at the same instant: the id decides.
            if (i % 3 == 0)
                Time.Advance(TimeSpan.FromSeconds(1));
            created.Add((await CreateAsync()).Id);
        }
        var (seen, cursor) = (new List<ExecutionRecord>(), (string?)null);
        do
        {
            var page = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 10, Cursor = cursor });
            page.Total.ShouldBe(25);
            seen.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        seen.Select(record => record.Id).ToHashSet().ShouldBe(created.ToHashSet(), ignoreOrder: true);
        seen.Count.ShouldBe(25);
        seen.Select(record => record.CreatedAt).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task List_ByStatus_TakesQueuedRunningAndSleepingAsRunning()
    {
        var queued = (await CreateAsync()).Id;
        var running = await HeldAsync();
        var sleeping = await HeldAsync();
        await ReleaseAsync(sleeping, ExecutionStatus.Sleeping, Time.Now.AddDays(1));
        var waiting = await HeldAsync();
        await OpenWaitAsync(waiting, "w");
        var completed = await HeldAsync();
        await FinishAsync(completed);
        var failed = await HeldAsync();
        await FinishAsync(failed, ExecutionStatus.Failed);

        await ShouldListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Running] }, queued, running.ExecutionId, sleeping.ExecutionId);
        await ShouldListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Waiting] }, waiting.ExecutionId);
        await ShouldListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Completed, ExecutionStatus.Failed] }, completed.ExecutionId, failed.ExecutionId);
        await ShouldListAsync(new ExecutionQuery { Statuses = [ExecutionStatus.Cancelled] });
    }

    [Fact]
    public async Task List_EachFilter_NarrowsItemsAndTotal()
    {
        var plain = await CreateAsync("a");
        var start = Time.Now;
        Time.Advance(TimeSpan.FromHours(1));
        var tagged = await Plane.Executions.CreateAsync(New("b") with { Tags = ["x", "y"], StackName = "prod", OriginalId = plain.Id });
        var half = await Plane.Executions.CreateAsync(New("b") with { Tags = ["x"] });

        await ShouldListAsync(new ExecutionQuery { Flow = "a" }, plain.Id);
        await ShouldListAsync(new ExecutionQuery { Flow = "b", Statuses = [ExecutionStatus.Running] }, tagged.Id, half.Id);
        await ShouldListAsync(new ExecutionQuery { Flow = "none" });
        await ShouldListAsync(new ExecutionQuery { Stack = "prod" }, tagged.Id);
        await ShouldListAsync(new ExecutionQuery { Stack = "prod", Flow = "a" });
        await ShouldListAsync(new ExecutionQuery { Tags = ["x"] }, tagged.Id, half.Id);
        await ShouldListAsync(new ExecutionQuery { Tags = ["x", "y"] }, tagged.Id);
        await ShouldListAsync(new ExecutionQuery { OriginalId = plain.Id }, tagged.Id);
        await ShouldListAsync(new ExecutionQuery { OriginalId = plain.Id, Statuses = [ExecutionStatus.Failed] });
        await ShouldListAsync(new ExecutionQuery { Since = start.AddMinutes(1) }, tagged.Id, half.Id);
        await ShouldListAsync(new ExecutionQuery { Until = start.AddMinutes(1) }, plain.Id);
        await ShouldListAsync(new ExecutionQuery { Since = start, Until = start });
    }

    [Fact]
    public async Task List_ByTag_FollowsStatusAndTagsAsTheyChange()
    {
        var early = await Plane.Executions.CreateAsync(New("a") with { Tags = ["x", "y"] });
        var late = await CreateAsync("b");
        await Plane.Executions.TagAsync(late.Id, ["y"], []);
        await FinishAsync((await ClaimAsync(early.Id)).Lease, ExecutionStatus.Failed);

        await ShouldListAsync(new ExecutionQuery { Tags = ["y"], Statuses = [ExecutionStatus.Failed] }, early.Id);
        await ShouldListAsync(new ExecutionQuery { Tags = ["y"], Statuses = [ExecutionStatus.Queued] }, late.Id);
        await ShouldListAsync(new ExecutionQuery { Tags = ["y"], Flow = "b" }, late.Id);
        await ShouldListAsync(new ExecutionQuery { Tags = ["y", "x"], Statuses = [ExecutionStatus.Failed], Flow = "a", Stack = "default" }, early.Id);
        await Plane.Executions.RetryAsync(early.Id, code: null, "me");
        await Plane.Executions.TagAsync(late.Id, ["x"], []);
        await ShouldListAsync(new ExecutionQuery { Tags = ["y", "x", "y"], Statuses = [ExecutionStatus.Running] }, early.Id, late.Id);
        await Plane.Executions.TagAsync(late.Id, [], ["y"]);
        await ShouldListAsync(new ExecutionQuery { Tags = ["y"] }, early.Id);
    }

    [Fact]
    public async Task List_CursorAndUntil_BothHold()
    {
        var created = new List<ExecutionRecord>();
        for (var i = 0; i < 6; i++)
        {
            created.Add(await CreateAsync());
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        var page = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 2, Until = created[5].CreatedAt });
        page.Items.Select(record => record.Id).ShouldBe([created[4].Id, created[3].Id]);

        var next = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 2, Until = created[5].CreatedAt, Cursor = page.NextCursor });
        next.Items.Select(record => record.Id).ShouldBe([created[2].Id, created[1].Id]);
        next.Total.ShouldBe(5);
        var earlier = await Plane.Executions.ListAsync(new ExecutionQuery { Limit = 2, Until = created[2].CreatedAt, Cursor = page.NextCursor });
        earlier.Items.Select(record => record.Id).ShouldBe([created[1].Id, created[0].Id]);
        earlier.Total.ShouldBe(2);
    }

    [Fact]
    public async Task List_TooManyTags_IsAUsageError() => await Should.ThrowAsync<KitaruUsageException>(
        () => Plane.Executions.ListAsync(new ExecutionQuery { Tags = [.. Enumerable.Range(0, 21).Select(i => $"t{i}")] }));

    [Fact]
    public async Task List_Rows_CarryTruthfulCountsAndPendingWaits()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "a") with { Artifacts = [new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("1"), [])] });
        await Plane.Journal.AppendAttemptAsync(lease, new AttemptRecord("b", "b", 1, false, Time.Now, Time.Now, Boom, null));
        await Plane.Journal.AnnounceAsync(lease, [new RunningCall("a", "a", null, 1, Time.Now), new RunningCall("b", "b", null, 2, Time.Now), new RunningCall("c", "c", null, 1, Time.Now)]);
        await OpenWaitAsync(lease, "first");
        await OpenWaitAsync(lease, "second");

        var record = (await Plane.Executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem();

        record.CheckpointCount.ShouldBe(3);
        record.ArtifactCount.ShouldBe(2);
        record.PendingWaits.Select(wait => wait.Name).ShouldBe(["first", "second"]);
        var detail = await Plane.Executions.GetAsync(lease.ExecutionId);
        detail.Calls.Count.ShouldBe(record.CheckpointCount);
        detail.Artifacts.Count.ShouldBe(record.ArtifactCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public async Task List_LimitOutOfRange_IsAUsageError(int limit) =>
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.ListAsync(new ExecutionQuery { Limit = limit }));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("/////////////////////////////////w")]
    public async Task List_BadCursor_IsAUsageError(string cursor) =>
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.ListAsync(new ExecutionQuery { Cursor = cursor }));

    private async Task ShouldListAsync(ExecutionQuery query, params ExecutionId[] expected)
    {
        var page = await Plane.Executions.ListAsync(query);
        page.Items.Select(record => record.Id).ShouldBe(expected, ignoreOrder: true);
        page.Total.ShouldBe(expected.Length);
        page.NextCursor.ShouldBeNull();
        var first = await Plane.Executions.ListAsync(query with { Limit = 1 });
        first.Total.ShouldBe(expected.Length);
        first.Items.Count.ShouldBe(Math.Min(1, expected.Length));
        if (first.NextCursor is { } cursor)
            (await Plane.Executions.ListAsync(query with { Cursor = cursor })).Items.Count.ShouldBe(expected.Length - 1);
    }
}

public sealed class SqliteListTests() : ListSuite(new SqliteUnderTest());
