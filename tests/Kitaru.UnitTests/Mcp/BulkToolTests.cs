using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Mcp;

public class BulkToolTests
{
    private const string Tool = "kitaru_executions_bulk";

    [Fact]
    public async Task Cancel_ByFilter_ShowsFirst_AndThenActsOnExactlyThose()
    {
        await using var bench = await McpBench.StartAsync();
        var (first, second) = (await Story.QueuedAsync(bench, "nightly_report"), await Story.RunningAsync(bench, "nightly_report"));
        var other = await Story.QueuedAsync(bench, "research_agent");

        var preview = await bench.SuccessAsync(Tool, """{"action":"cancel","flow":"nightly_report"}""");
        preview["preview"]!.GetValue<bool>().ShouldBeTrue();
        preview["count"]!.GetValue<int>().ShouldBe(2);
        preview["items"]!.AsArray().Select(item => item!["exec_id"]!.ToString()).ShouldBe([second.Id.ToString(), first.Id.ToString()]);
        (await StatusAsync(bench, first)).ShouldBe("running");

        var later = await Story.QueuedAsync(bench, "nightly_report");
        var done = await ConfirmAsync(bench, "cancel", preview);

        done["done"]!.GetValue<int>().ShouldBe(2);
        done["results"]!.AsArray().Select(result => result!["outcome"]!.ToString()).ShouldBe(["cancelled", "cancelled"]);
        (await StatusAsync(bench, first)).ShouldBe("cancelled");
        (await StatusAsync(bench, second)).ShouldBe("cancelled");
        (await StatusAsync(bench, later)).ShouldBe("running");
        (await StatusAsync(bench, other)).ShouldBe("running");
    }

    [Fact]
    public async Task Retry_Confirmed_Twice_IsDoneOnce()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await FailedAsync(bench);
        var preview = await bench.SuccessAsync(Tool, """{"action":"retry","status":"failed"}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ConfirmAsync(bench, "retry", preview)));

        answers.Select(answer => answer.ToJsonString()).Distinct().ShouldHaveSingleItem();
        answers[0]["done"]!.GetValue<int>().ShouldBe(1);
        (await bench.SuccessAsync("kitaru_executions_get", On(story)))["reopened"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Preview_OfIds_SaysWhatIsLeftOut_AndWhy()
    {
        await using var bench = await McpBench.StartAsync();
        var (failed, queued) = (await FailedAsync(bench), await Story.QueuedAsync(bench));
        const string nobody = "0199c0de-0000-7000-8000-000000000000";

        var preview = await bench.SuccessAsync(Tool, $$"""{"action":"retry","exec_ids":["{{failed.Id}}","{{queued.Id}}","{{nobody}}","{{failed.Id}}"]}""");

        preview["count"]!.GetValue<int>().ShouldBe(1);
        preview["skipped"]!.AsArray().Select(skipped => $"{skipped!["exec_id"]}: {skipped["why"]}").ShouldBe(
            [$"{queued.Id}: it is running; retry is for failed ones", $"{nobody}: there is no such execution"]);
    }

    [Fact]
    public async Task Preview_OfNothing_HasNoConfirmation()
    {
        await using var bench = await McpBench.StartAsync();

        var preview = await bench.SuccessAsync(Tool, """{"action":"cancel","tags":["nowhere"]}""");

        preview["count"]!.GetValue<int>().ShouldBe(0);
        preview["confirm"].ShouldBeNull();
    }

    [Fact]
    public async Task Confirmed_WhatChangedSince_IsSkippedWithTheReason()
    {
        await using var bench = await McpBench.StartAsync();
        var (ended, open) = (await Story.RunningAsync(bench), await Story.QueuedAsync(bench));
        var preview = await bench.SuccessAsync(Tool, $$"""{"action":"cancel","exec_ids":["{{ended.Id}}","{{open.Id}}"]}""");
        await ended.EndAsync(ExecutionStatus.Completed, Story.Json("done"));

        var done = await ConfirmAsync(bench, "cancel", preview);

        done["results"]!.AsArray().Select(result => result!["outcome"]!.ToString()).ShouldBe(["skipped", "cancelled"]);
        done["results"]![0]!["why"]!.ToString().ShouldContain("completed");
    }

    [Fact]
    public async Task Confirm_ThatIsChangedOrForSomethingElse_IsRefused_AndNothingIsDone()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await FailedAsync(bench);
        var confirm = (await bench.SuccessAsync(Tool, $$"""{"action":"retry","exec_ids":["{{story.Id}}"]}"""))["confirm"]!.ToString();
        var changed = (confirm[0] == 'A' ? 'B' : 'A') + confirm[1..];

        foreach (var (arguments, saying) in new[]
        {
            ($$"""{"action":"retry","confirm":"{{changed}}"}""", "'confirm'"),
            ($$"""{"action":"retry","confirm":"{{confirm[..^4]}}"}""", "'confirm'"),
            ("""{"action":"retry","confirm":"yes"}""", "'confirm'"),
            ($$"""{"action":"cancel","confirm":"{{confirm}}"}""", "retry"),
            ($$"""{"action":"retry","confirm":"{{confirm}}","flow":"research_agent"}""", "'flow'"),
        })
        {
            var error = (await bench.CallAsync(Tool, arguments)).Error();
            error["message"]!.ToString().ShouldContain(saying);
            error["next_step"]!.ToString().ShouldNotBeNullOrEmpty();
        }
        (await StatusAsync(bench, story)).ShouldBe("failed");
    }

    private static async Task<JsonObject> ConfirmAsync(McpBench bench, string action, JsonObject preview) =>
        await bench.SuccessAsync(Tool, $$"""{"action":"{{action}}","confirm":"{{preview["confirm"]}}"}""");

    private static async Task<string> StatusAsync(McpBench bench, Story story) => (await bench.SuccessAsync("kitaru_executions_get", On(story)))["status"]!.ToString();

    private static string On(Story story) => $$"""{"exec_id":"{{story.Id}}"}""";

    private static async Task<Story> FailedAsync(McpBench bench) =>
        await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Failed, failure: new Failure("It broke.", null, null, FailureOrigin.UserCode));
}
