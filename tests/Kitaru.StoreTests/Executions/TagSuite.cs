using Kitaru.Core;

namespace Kitaru.StoreTests.Executions;

public abstract class TagSuite : StoreSuite
{
    private protected TagSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Tag_AddAndRemove_IsASet_AndListsFindIt()
    {
        var id = (await Plane.Executions.CreateAsync(New() with { Tags = ["a", "b", "a"] })).Id;
        Time.Advance(TimeSpan.FromMinutes(1));

        (await Plane.Executions.TagAsync(id, ["c", "a", "c"], ["b", "never there"])).Tags.ShouldBe(["a", "c"]);
        (await Plane.Executions.TagAsync(id, ["c"], ["b"])).Tags.ShouldBe(["a", "c"]);

        (await FindAsync(id)).Tags.ShouldBe(["a", "c"]);
        await FindsAsync(id, true, "a");
        await FindsAsync(id, true, "c", "a");
        await FindsAsync(id, false, "b");
        (await Plane.Executions.TagAsync(id, [], ["a", "c"])).Tags.ShouldBeEmpty();
        await FindsAsync(id, false, "a");
    }

    [Theory]
    [InlineData(ExecutionStatus.Queued)]
    [InlineData(ExecutionStatus.Running)]
    [InlineData(ExecutionStatus.Waiting)]
    [InlineData(ExecutionStatus.Sleeping)]
    [InlineData(ExecutionStatus.Completed)]
    [InlineData(ExecutionStatus.Failed)]
    [InlineData(ExecutionStatus.Cancelled)]
    public async Task Tag_InEveryStatus_ChangesNothingElse(ExecutionStatus status)
    {
        var lease = await HeldAsync();
        if (status == ExecutionStatus.Queued)
            await ReleaseAsync(lease, status);
        else if (status == ExecutionStatus.Sleeping)
            await ReleaseAsync(lease, status, Time.Now.AddHours(1));
        else if (status == ExecutionStatus.Waiting)
            await OpenWaitAsync(lease, "w");
        else if (status != ExecutionStatus.Running)
            await FinishAsync(lease, status);
        var before = await FindAsync(lease.ExecutionId);

        var after = await Plane.Executions.TagAsync(lease.ExecutionId, ["nightly"], []);

        (after.Status, after.Epoch, after.Owner, after.RunnableAt, after.EndedAt).ShouldBe((status, before.Epoch, before.Owner, before.RunnableAt, before.EndedAt));
        await FindsAsync(lease.ExecutionId, true, "nightly");
    }

    [Fact]
    public async Task Tag_FromTwoProcessesAtOnce_LosesNone()
    {
        var other = await OpenAsync();
        var id = (await CreateAsync()).Id;

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Plane : other).Executions.TagAsync(id, [$"t{i}"], [])));

        (await FindAsync(id)).Tags.Order().ShouldBe(Enumerable.Range(0, 40).Select(i => $"t{i}").Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("two\nlines")]
    [InlineData("bell\u0007")]
    public async Task Tag_ThatIsNone_IsRefusedAndChangesNothing(string tag)
    {
        var id = (await CreateAsync()).Id;

        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.TagAsync(id, ["fine", tag], []));
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.CreateAsync(New() with { Tags = [tag] }));

        (await FindAsync(id)).Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tag_Limits_AreSixtyFourOf128Characters()
    {
        var id = (await CreateAsync()).Id;
        var full = Enumerable.Range(0, 64).Select(i => $"{i:00}-{new string('x', 125)}").ToList();

        (await Plane.Executions.TagAsync(id, full, [])).Tags.Count.ShouldBe(64);

        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.TagAsync(id, ["one more"], []))).Message.ShouldContain("65");
        (await Plane.Executions.TagAsync(id, ["one more"], [full[0]])).Tags.Count.ShouldBe(64);
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.TagAsync(id, [new string('x', 129)], []));
        (await FindAsync(id)).Tags.ShouldContain("one more");
    }

    [Fact]
    public async Task Tag_UnknownExecution_OrBothWays_IsRefused()
    {
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Executions.TagAsync(new ExecutionId(NewId()), ["a"], []));
        var id = (await CreateAsync()).Id;
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Executions.TagAsync(id, ["a"], ["a"]));
    }

    private async Task FindsAsync(ExecutionId id, bool found, params string[] tags)
    {
        var page = await Plane.Executions.ListAsync(new ExecutionQuery { Tags = tags });
        page.Items.Any(item => item.Id == id).ShouldBe(found);
        page.Total.ShouldBe(page.Items.Count);
    }
}

public sealed class SqliteTagTests() : TagSuite(new SqliteUnderTest());
