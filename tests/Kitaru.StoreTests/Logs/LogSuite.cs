using Kitaru.Core;

namespace Kitaru.StoreTests.Logs;

public abstract class LogSuite : StoreSuite
{
    private protected LogSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Read_Default_GivesTheNewestLinesOldestFirst()
    {
        var id = await WithLinesAsync(10);

        (await ReadAsync(new LogQuery { ExecutionId = id, Limit = 3 })).ShouldBe(["line 7", "line 8", "line 9"]);
        (await ReadAsync(new LogQuery { ExecutionId = id, Limit = 3, FromStart = true })).ShouldBe(["line 0", "line 1", "line 2"]);
    }

    [Fact]
    public async Task Read_AfterAnId_FollowsWithoutGapOrRepeat()
    {
        var id = await WithLinesAsync(5);
        var first = await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id, Limit = 2, FromStart = true });
        await Plane.Logs.AppendAsync(id, [Line("more")]);

        (await ReadAsync(new LogQuery { ExecutionId = id, AfterId = first[^1].Id, FromStart = true })).ShouldBe(["line 2", "line 3", "line 4", "more"]);
    }

    [Fact]
    public async Task Read_EachFilter_Narrows()
    {
        var id = (await CreateAsync()).Id;
        var start = Time.Now;
        await Plane.Logs.AppendAsync(id,
        [
            Line("debug") with { Level = "debug", Checkpoint = "fetch", Module = "app.io" },
            Line("plain") with { Source = "runner" },
            Line("later") with { Level = "ERROR", Timestamp = start.AddMinutes(1) },
        ]);

        (await ReadAsync(new LogQuery { ExecutionId = id, Level = "info" })).ShouldBe(["plain", "later"]);
        (await ReadAsync(new LogQuery { ExecutionId = id, Level = "Warning" })).ShouldBe(["later"]);
        (await ReadAsync(new LogQuery { ExecutionId = id, Source = "runner" })).ShouldBe(["plain"]);
        (await ReadAsync(new LogQuery { ExecutionId = id, Checkpoint = "fetch" })).ShouldBe(["debug"]);
        (await ReadAsync(new LogQuery { ExecutionId = id, Since = start.AddSeconds(1) })).ShouldBe(["later"]);
        (await ReadAsync(new LogQuery { ExecutionId = (await CreateAsync()).Id })).ShouldBeEmpty();
        var entry = (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id }))[0];
        (entry.Level, entry.Checkpoint, entry.Module, entry.Timestamp, entry.Source).ShouldBe(("debug", "fetch", "app.io", start, "step"));
    }

    [Fact]
    public async Task Append_AfterTheLeaseIsGone_StillCounts()
    {
        var lease = await HeldAsync();
        await Plane.Executions.CancelAsync(lease.ExecutionId);

        await Plane.Logs.AppendAsync(lease.ExecutionId, [Line("last words")]);

        (await ReadAsync(new LogQuery { ExecutionId = lease.ExecutionId, Source = "step" })).ShouldBe(["last words"]);
    }

    [Fact]
    public async Task Runner_ClaimsTakeoversAndAnswers_LeaveALineEach()
    {
        var lease = await HeldAsync();
        await OpenWaitAsync(lease, "approve");
        await ReleaseAsync(lease, ExecutionStatus.Waiting);
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", true, "mcp:tester");
        var second = (await ClaimAsync(lease.ExecutionId)).Lease;
        await Plane.Journal.AnnounceAsync(second, [new RunningCall("fetch", "fetch", null, 1, Time.Now)]);
        Time.Advance(Plane.Workers.LeaseDuration * 2);
        await Plane.Workers.ReapAsync();
        await ClaimAsync(lease.ExecutionId);
        await Plane.Workers.DeregisterAsync(Worker);

        var entries = await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = lease.ExecutionId, Source = "runner" });

        entries.Select(entry => $"{entry.Level} {entry.Message}").ShouldBe(
        [
            $"INFO Taken by worker {Worker}.",
            $"INFO Let go by worker {Worker}: waiting.",
            "INFO Wait 'approve' was answered by mcp:tester.",
            $"INFO Taken by worker {Worker}.",
            $"WARNING Taken over: worker {Worker} died or fell silent while running fetch.",
            $"INFO Taken by worker {Worker}.",
            $"INFO Given back: worker {Worker} went away.",
        ]);
    }

    [Fact]
    public async Task Runner_WhatClientsDo_LeavesALineEach()
    {
        var lease = await HeldAsync();
        await ReleaseAsync(lease, ExecutionStatus.Queued, Time.Now.AddHours(1));
        await Plane.Executions.ResumeAsync(lease.ExecutionId, "ann");
        await FinishAsync((await ClaimAsync(lease.ExecutionId)).Lease, ExecutionStatus.Failed);
        await Plane.Executions.RetryAsync(lease.ExecutionId, new SnapshotId("code-2"), "bob");
        await Plane.Executions.CancelAsync(lease.ExecutionId, "cid");
        await Plane.Executions.CancelAsync(lease.ExecutionId, "dan");

        var lines = (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = lease.ExecutionId, Source = "runner" })).Select(entry => entry.Message).ToList();

        lines.Where(line => !line.StartsWith("Taken by", StringComparison.Ordinal) && !line.StartsWith("Let go by", StringComparison.Ordinal)).ShouldBe(
        [
            "Resumed by ann.",
            "Opened again: retried by bob, with the code code-2.",
            "The execution was cancelled by cid.",
        ]);
    }

    [Fact]
    public async Task Append_ToNoExecution_IsNotFound() =>
        await Should.ThrowAsync<KitaruNotFoundException>(() => Plane.Logs.AppendAsync(new ExecutionId(NewId()), [Line("x")]));

    [Fact]
    public async Task Append_FromManyAtOnce_GivesEveryLineANumberOfItsOwn()
    {
        var other = await OpenAsync();
        var id = (await CreateAsync()).Id;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Plane : other).Logs.AppendAsync(id, [Line("a"), Line("b")])));

        (await Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id })).Select(entry => entry.Id).ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
    }

    [Fact]
    public async Task Read_UnknownLevelOrBadLimit_IsAUsageError()
    {
        var id = (await CreateAsync()).Id;

        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id, Level = "warnin" }))).Message.ShouldContain("WARNING");
        await Should.ThrowAsync<KitaruUsageException>(() => Plane.Logs.ReadAsync(new LogQuery { ExecutionId = id, Limit = 0 }));
    }

    private LogEntry Line(string text) => new() { Message = text, Timestamp = Time.Now };

    private async Task<ExecutionId> WithLinesAsync(int count)
    {
        var id = (await CreateAsync()).Id;
        await Plane.Logs.AppendAsync(id, [.. Enumerable.Range(0, count).Select(i => Line($"line {i}"))]);
        return id;
    }

    private async Task<IEnumerable<string>> ReadAsync(LogQuery query) => (await Plane.Logs.ReadAsync(query)).Select(entry => entry.Message);
}

public sealed class SqliteLogTests() : LogSuite(new SqliteUnderTest());
