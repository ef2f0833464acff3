using Kitaru.Core;
using Kitaru.UnitTests.Mcp;

namespace Kitaru.UnitTests.Client;

/// <summary>Following a log while others write it.</summary>
public class FollowTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Follow_FromTheStart_GivesEveryLineOnceInOrder_ThoseAfterTheEndToo()
    {
        const int lines = 5000;
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.LogAsync([.. Enumerable.Range(0, lines / 2).Select(number => Story.Line($"{number}"))]);
        var following = ReadAllAsync(bench, new LogQuery { ExecutionId = story.Id, Source = "step", FromStart = true });

        for (var number = lines / 2; number < lines - 1; number += 7)
            await story.LogAsync([.. Enumerable.Range(number, Math.Min(7, lines - 1 - number)).Select(at => Story.Line($"{at}"))]);
        await story.EndAsync(ExecutionStatus.Completed);
        await story.LogAsync(Story.Line($"{lines - 1}"));

        (await following.WaitAsync(Patience)).ShouldBe(Enumerable.Range(0, lines).Select(number => $"{number}"));
    }

    [Fact]
    public async Task Follow_WithoutFromStart_BeginsWithTheTail_AndGoesOnWhereItWasLeft()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.LogAsync(Story.Line("a"), Story.Line("b", "ERROR"), Story.Line("c", "WARNING"), Story.Line("d"), Story.Line("e", "ERROR"));
        long last = 0;
        await foreach (var line in bench.Backend.Client.Executions.FollowLogsAsync(new LogQuery { ExecutionId = story.Id, Level = "WARNING", Limit = 2 }))
        {
            last = line.Id;
            line.Message.ShouldBeOneOf("c", "e");
            if (line.Message == "e")
                break;
        }
        await story.LogAsync(Story.Line("f", "ERROR"), Story.Line("g"));
        await story.EndAsync(ExecutionStatus.Completed);

        (await ReadAllAsync(bench, new LogQuery { ExecutionId = story.Id, Level = "WARNING", AfterId = last, FromStart = true }).WaitAsync(Patience)).ShouldBe(["f"]);
    }

    [Fact]
    public async Task Follow_RetriedAfterItFailed_GoesOn()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var following = ReadAllAsync(bench, new LogQuery { ExecutionId = story.Id, FromStart = true });
        await story.EndAsync(ExecutionStatus.Failed, failure: new Failure("boom", null, null, FailureOrigin.UserCode));
        await bench.Backend.Client.Executions.RetryAsync(story.Id);
        // Longer than what follows an end, if it had been one.
        await Task.WhenAny(following, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        following.IsCompleted.ShouldBeFalse();

        await story.LogAsync(Story.Line("once more"));
        await bench.Backend.Client.Executions.CancelAsync(story.Id);

        var lines = await following.WaitAsync(Patience);
        lines.Count(line => line.StartsWith("Opened again", StringComparison.Ordinal)).ShouldBe(1);
        lines[^2..].ShouldBe(["once more", $"The execution was cancelled by {Environment.UserName}."]);
    }

    [Fact]
    public async Task Follow_NothingWasEverWritten_EndsWithTheExecution()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var following = ReadAllAsync(bench, new LogQuery { ExecutionId = story.Id, Source = "step" });

        await story.EndAsync(ExecutionStatus.Completed);

        (await following.WaitAsync(Patience)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Follow_Cancelled_EndsAndLeavesTheExecutionAlone()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.LogAsync(Story.Line("a"));
        using var stop = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var line in bench.Backend.Client.Executions.FollowLogsAsync(story.Id).WithCancellation(stop.Token))
                await stop.CancelAsync();
        });

        await story.EndAsync(ExecutionStatus.Completed);
    }

    [Fact]
    public async Task Follow_NoSuchExecution_IsNotFound()
    {
        await using var bench = await McpBench.StartAsync();
        await Should.ThrowAsync<KitaruNotFoundException>(() => ReadAllAsync(bench, new LogQuery { ExecutionId = ExecutionId.Parse("0199c0de-0000-7000-8000-000000000000") }));
    }

    private static async Task<List<string>> ReadAllAsync(McpBench bench, LogQuery query)
    {
        var lines = new List<string>();
        await foreach (var line in bench.Backend.Client.Executions.FollowLogsAsync(query))
            lines.Add(line.Message);
        return lines;
    }
}
