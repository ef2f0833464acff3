namespace Kitaru.UnitTests.Mcp;

/// <summary>Resume, abort wait, tag.</summary>
public class SteeringToolTests
{
    [Fact]
    public async Task Resume_NothingToResume_AnswersTheExecutionWithAWarning()
    {
        await using var bench = await McpBench.StartAsync();
        var queued = await Story.QueuedAsync(bench);
        var running = await Story.RunningAsync(bench);
        var asleep = await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Sleeping, TimeSpan.FromHours(1));
        foreach (var (story, says) in new[] { (queued, "as soon as a worker takes it"), (running, "is running"), (asleep, "cannot be cut short") })
        {
            var answer = await bench.SuccessAsync("kitaru_executions_resume", $$"""{"exec_id":"{{story.Id}}"}""");
            answer["exec_id"]!.ToString().ShouldBe(story.Id.ToString());
            answer["warning"]!.ToString().ShouldContain(says);
        }
    }

    [Fact]
    public async Task Resume_PutBackForLater_GoesOnNow()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Queued, TimeSpan.FromHours(1));
        (await bench.SuccessAsync("kitaru_executions_resume", $$"""{"exec_id":"{{story.Id}}"}"""))["warning"].ShouldBeNull();
        (await bench.SuccessAsync("kitaru_executions_resume", $$"""{"exec_id":"{{story.Id}}"}"""))["warning"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Resume_WaitingOrEnded_IsRefusedNamingTheRightCall()
    {
        await using var bench = await McpBench.StartAsync();
        var waiting = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);
        var completed = await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Completed);
        var error = (await bench.CallAsync("kitaru_executions_resume", $$"""{"exec_id":"{{waiting.Id}}"}""")).Error();
        (error["type"]!.ToString(), error["next_step"]!.ToString().Contains("kitaru_executions_input", StringComparison.Ordinal)).ShouldBe(("KitaruStateError", true));
        (await bench.CallAsync("kitaru_executions_resume", $$"""{"exec_id":"{{completed.Id}}"}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
    }

    [Fact]
    public async Task AbortWait_Pending_IsAbortedOnce_AnsweredIsRefused()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);
        for (var again = 0; again < 2; again++)
        {
            var answer = await bench.SuccessAsync("kitaru_executions_abort_wait", $$"""{"exec_id":"{{story.Id}}","wait":"approve"}""");
            answer["pending_wait"].ShouldBeNull();
            (answer["waits"]![0]!["status"]!.ToString(), answer["waits"]![0]!["resolved_by"]!.ToString().StartsWith("mcp:", StringComparison.Ordinal)).ShouldBe(("aborted", true));
        }
        (await bench.CallAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"approve","value":true}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");

        var answered = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", null);
        await bench.SuccessAsync("kitaru_executions_input", $$"""{"exec_id":"{{answered.Id}}","wait":"approve","value":true}""");
        (await bench.CallAsync("kitaru_executions_abort_wait", $$"""{"exec_id":"{{answered.Id}}","wait":"approve"}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
        (await bench.CallAsync("kitaru_executions_abort_wait", $$"""{"exec_id":"{{story.Id}}","wait":"other"}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
        (await bench.CallAsync("kitaru_executions_abort_wait", $$"""{"exec_id":"{{story.Id}}","wait":" "}""")).Error()["type"]!.ToString().ShouldBe("KitaruUsageError");
    }

    [Fact]
    public async Task Tag_AnswersTheExecution_AndListsFindIt()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench, "research_agent", "old")).EndAsync(ExecutionStatus.Completed);

        var answer = await bench.SuccessAsync("kitaru_executions_tag", $$"""{"exec_id":"{{story.Id}}","add":["nightly","customer:acme"],"remove":["old"]}""");

        answer["tags"]!.ToJsonString().ShouldBe("""["nightly","customer:acme"]""");
        (await bench.SuccessAsync("kitaru_executions_list", """{"tags":["nightly"]}"""))["total"]!.GetValue<int>().ShouldBe(1);
        (await bench.SuccessAsync("kitaru_executions_list", """{"tags":["old"]}"""))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"add\":[]")]
    [InlineData(",\"add\":[\"\"]")]
    [InlineData(",\"add\":[\"a\"],\"remove\":[\"a\"]")]
    [InlineData(",\"add\":[\"a\\nb\"]")]
    [InlineData(",\"add\":\"a\"")]
    public async Task Tag_WrongTags_AreAUsageError(string tags)
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        (await bench.CallAsync("kitaru_executions_tag", $$"""{"exec_id":"{{story.Id}}"{{tags}}}""")).Error()["type"]!.ToString().ShouldBe("KitaruUsageError");
    }
}
