using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Mcp;

public class ExecutionToolTests
{
    [Fact]
    public async Task Get_EveryStatus_FitsTheOutputSchema()
    {
        await using var bench = await McpBench.StartAsync();
        var failure = new Failure("boom", "System.InvalidOperationException", "trace", FailureOrigin.UserCode);
        var stories = new Dictionary<string, Story>
        {
            ["queued"] = await Story.QueuedAsync(bench),
            ["running"] = await (await Story.RunningAsync(bench)).CallAsync("fetch", Story.Json(3)),
            ["waiting"] = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}"""),
            ["completed"] = await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Completed, Story.Json("done")),
            ["failed"] = await (await (await Story.RunningAsync(bench)).CallAsync("fetch", failure: failure)).EndAsync(ExecutionStatus.Failed, failure: failure),
        };
        foreach (var (status, story) in stories)
        {
            var result = await bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""");
            result["status"]!.ToString().ShouldBe(status == "queued" ? "running" : status);
            result["inputs"]!["topic"]!.ToString().ShouldBe("tea");
            result["truncated"].ShouldBeNull();
        }
        (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>().ShouldBe(stories.Count);
        (await bench.SuccessAsync("kitaru_executions_latest", """{"status":"waiting"}"""))["pending_wait"]!["question"]!.ToString().ShouldBe("Publish?");
        (await bench.SuccessAsync("kitaru_executions_latest", """{"status":"running"}"""))["checkpoint_count"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task List_Filters_AndPages()
    {
        await using var bench = await McpBench.StartAsync();
        for (var i = 0; i < 5; i++)
            await Story.QueuedAsync(bench, i % 2 == 0 ? "even" : "odd", "nightly", $"n{i}");
        var first = await bench.SuccessAsync("kitaru_executions_list", """{"flow":"even","limit":2}""");
        first["result"]!.AsArray().Count.ShouldBe(2);
        first["total"]!.GetValue<int>().ShouldBe(3);
        var second = await bench.SuccessAsync("kitaru_executions_list", $$"""{"flow":"even","limit":2,"cursor":"{{first["next_cursor"]}}"}""");
        second["result"]!.AsArray().Count.ShouldBe(1);
        second["next_cursor"].ShouldBeNull();
        (await bench.SuccessAsync("kitaru_executions_list", """{"tags":["nightly","n3"]}"""))["result"]![0]!["tags"]!.AsArray().Count.ShouldBe(2);
        (await bench.SuccessAsync("kitaru_executions_list", """{"until":"2001-01-01"}"""))["total"]!.GetValue<int>().ShouldBe(0);
        (await bench.CallAsync("kitaru_executions_list", """{"since":"yesterday"}""")).Error()["details"]!["argument"]!.ToString().ShouldBe("since");
    }

    [Fact]
    public async Task Fields_AnswersOnlyThese_WithTheId()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        foreach (var (tool, arguments) in new[] { ("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}","fields":["inputs","status"]}"""), ("kitaru_executions_latest", """{"fields":["inputs","status"]}""") })
            (await bench.SuccessAsync(tool, arguments)).Select(member => member.Key).ShouldBe(["exec_id", "status", "inputs"], tool);
        var page = await bench.SuccessAsync("kitaru_executions_list", """{"fields":["flow"]}""");
        page["result"]![0]!.AsObject().Select(member => member.Key).ShouldBe(["exec_id", "flow_name"]);
        var error = (await bench.CallAsync("kitaru_executions_list", """{"fields":["flow_nam"]}""")).Error();
        error["details"]!["nearest"]!.ToString().ShouldBe("flow_name");
        error["message"]!.ToString().ShouldContain("'flow_nam'");
    }

    [Fact]
    public async Task List_LargeQuestion_StaysSmall()
    {
        await using var bench = await McpBench.StartAsync();
        var schema = new JsonObject { ["enum"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(number => (JsonNode)$"choice {number}")]) };
        await (await Story.RunningAsync(bench)).WaitAsync("choose", new string('?', 20_000), schema.ToJsonString());
        var page = await bench.SuccessAsync("kitaru_executions_list", """{"status":"waiting"}""");
        KitaruJson.WriteBytes(page).Length.ShouldBeLessThan(5000);
        page["result"]![0]!["pending_wait"]!["schema"]!["description"]!.ToString().ShouldContain("kitaru_executions_get");
    }

    [Fact]
    public async Task Latest_NoMatch_IsALookupError()
    {
        await using var bench = await McpBench.StartAsync();
        var error = (await bench.CallAsync("kitaru_executions_latest", """{"flow":"nothing"}""")).Error();
        error["type"]!.ToString().ShouldBe("LookupError");
        error["next_step"]!.ToString().ShouldContain("kitaru_executions_list");
    }

    [Theory]
    [InlineData("kitaru_executions_get", """{"exec_id":"nonsense"}""", "KitaruUsageError")]
    [InlineData("kitaru_executions_get", """{"exec_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    [InlineData("kitaru_executions_get", """{"exec_id":"0199c0de-0000-7000-8000-000000000000","wait_seconds":5}""", "KitaruNotFoundError")]
    [InlineData("kitaru_executions_cancel", """{"exec_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    [InlineData("get_execution_logs", """{"exec_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    [InlineData("kitaru_artifacts_list", """{"exec_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    [InlineData("kitaru_artifacts_get", """{"artifact_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    [InlineData("kitaru_artifacts_get", """{"artifact_id":"0199c0de-0000-7000-8000-000000000000:result"}""", "KitaruNotFoundError")]
    [InlineData("kitaru_executions_run", """{"target":"a.cs:b","stack":"prod-k8s"}""", "KitaruUsageError")]
    [InlineData("kitaru_executions_gett", "{}", "KitaruUsageError")]
    public async Task Call_ThatCannotWork_IsATypedErrorWithANextStep(string tool, string arguments, string type)
    {
        await using var bench = await McpBench.StartAsync();
        var result = await bench.CallAsync(tool, arguments);
        var error = result.Error();
        error["type"]!.ToString().ShouldBe(type, result.Text());
        result.Text().ShouldBe($"{type}: {error["message"]}\nNext step: {error["next_step"]}");
        (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Input_WrongType_KeepsWaiting_RightOneIsRecordedWithWho()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}""");
        (await bench.CallAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"approve","value":"true"}""")).Error()["type"]!
            .ToString().ShouldBe("KitaruWaitValidationError");
        (await bench.CallAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"aprove","value":true}""")).Error()["type"]!
            .ToString().ShouldBe("KitaruStateError");
        var answered = await bench.SuccessAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"approve","value":true}""");
        answered["pending_wait"].ShouldBeNull();
        answered["waits"]![0]!["answer"]!.GetValue<bool>().ShouldBeTrue();
        answered["waits"]![0]!["resolved_by"]!.ToString().ShouldStartWith("mcp:");
        await bench.SuccessAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"approve","value":true}""");
        (await bench.CallAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"approve","value":false}""")).Error()["type"]!
            .ToString().ShouldBe("KitaruStateError");
    }

    [Theory]
    [InlineData("""{"type":"object","required":["a"]}""", """{"a":1}""")]
    [InlineData("""{"type":"string"}""", "\"{\\\"a\\\":1}\"")]
    [InlineData(null, """{"a":1}""")]
    public async Task Input_JsonAsText_IsAnObjectUnlessTheWaitTakesText(string? schema, string stored)
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("data", null, schema);
        var answered = await bench.SuccessAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"data","value":"{\"a\":1}"}""");
        JsonNode.DeepEquals(answered["waits"]![0]!["answer"], JsonNode.Parse(stored)).ShouldBeTrue(answered["waits"]!.ToJsonString());
    }

    [Fact]
    public async Task Input_NullValue_IsAnAnswer()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await (await Story.RunningAsync(bench)).WaitAsync("go_on", null, null);
        (await bench.SuccessAsync("kitaru_executions_input", $$"""{"exec_id":"{{story.Id}}","wait":"go_on","value":null}"""))["waits"]![0]!["status"]!
            .ToString().ShouldBe("answered");
    }

    [Fact]
    public async Task Cancel_Twice_IsUnchanged_CompletedIsRefused()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        (await bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}"""))["status"]!.ToString().ShouldBe("cancelled");
        (await bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}"""))["status"]!.ToString().ShouldBe("cancelled");
        var completed = await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Completed);
        (await bench.CallAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{completed.Id}}"}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
    }

    [Fact]
    public async Task Get_WaitSeconds_AnswersEarlyWhenItEnds()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var waiting = bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}","wait_seconds":50}""");
        await story.EndAsync(ExecutionStatus.Completed, Story.Json(new JsonObject { ["n"] = 1 }));
        (await waiting.WaitAsync(TimeSpan.FromSeconds(30)))["result"]!["n"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Get_ManyLargeCheckpoints_StaysSmallAndSaysWhatIsMissing()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.CallAsync("first", failure: new Failure("boom", null, new string('x', 50_000), FailureOrigin.UserCode));
        for (var i = 0; i < 400; i++)
            await story.CallAsync($"step_{i}", Story.Json(i));
        await story.EndAsync(ExecutionStatus.Completed, Story.Text(new string('é', 100_000)));
        var result = await bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""");
        KitaruJson.WriteBytes(result).Length.ShouldBeLessThan(90_000);
        result["checkpoint_count"]!.GetValue<int>().ShouldBe(401);
        result["truncated"]!["checkpoints"]!.ToString().ShouldEndWith("of 401 shown");
        result["checkpoints"]!.AsArray().Select(call => call!["name"]!.ToString()).ShouldContain("first");
        result["checkpoints"]!.AsArray()[^1]!["name"]!.ToString().ShouldBe("step_399");
        result["result"]!["read_with"]!.ToString().ShouldContain($"{story.Id}:result");
    }

    [Fact]
    public async Task Call_StoreThatWasClosed_IsOneLineWithAReferenceOrATypedError()
    {
        await using var bench = await McpBench.StartAsync();
        var kitaru = await bench.Backend.OpenAsync(CancellationToken.None);
        await kitaru.DisposeAsync();
        var error = (await bench.CallAsync("kitaru_executions_list")).Error();
        error["message"]!.ToString().ShouldNotContain("\n");
        error["message"]!.ToString().ShouldNotContain(" at ");
        if (error["details"]!["reference"] is { } reference)
            bench.Diagnostics.ToString().ShouldContain(reference.ToString());
    }
}
