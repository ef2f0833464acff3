using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

public class ExplainToolTests
{
    private static readonly Failure Boom = new("boom", "System.InvalidOperationException", "   at Shop.Fetch() in Shop.cs:line 3", FailureOrigin.UserCode);

    [Fact]
    public async Task Explain_EverySituation_NamesCallsThatExistAndTakeTheirArguments()
    {
        await using var bench = await McpBench.StartAsync();
        // Their workers have the same code and live in this process: the one that nobody serves is looked at first.
        await CheckAsync(bench, "queued_without_worker", await Story.QueuedAsync(bench));
        await CheckAsync(bench, "running", await (await (await Story.RunningAsync(bench)).CallAsync("prepare", Story.Json(3))).RunsAsync("fetch"));
        await CheckAsync(bench, "waiting_for_input", await (await Story.RunningAsync(bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}"""));
        await CheckAsync(bench, "sleeping", await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Sleeping, TimeSpan.FromHours(1)));
        await CheckAsync(
            bench, "retry_backoff", await (await (await Story.RunningAsync(bench)).AttemptAsync("fetch", Boom)).LetGoAsync(ExecutionStatus.Sleeping, TimeSpan.FromHours(1)));
        await CheckAsync(bench, "queued", await (await Story.RunningAsync(bench)).LetGoAsync(ExecutionStatus.Queued, TimeSpan.FromHours(1)));
        await CheckAsync(bench, "failed_in_user_code", await FailedAsync(bench, Boom with { CausedBy = ["fetch"] }));
        await CheckAsync(bench, "failed_in_runtime", await FailedAsync(bench, Boom with { Origin = FailureOrigin.Runtime }));
        await CheckAsync(bench, "failed_in_backend", await FailedAsync(bench, Boom with { Origin = FailureOrigin.Backend }));
        await CheckAsync(bench, "poisoned", await FailedAsync(bench, new Failure("died", Failure.Poisoned, null, FailureOrigin.Runtime)));
        await CheckAsync(
            bench, "diverged", await FailedAsync(bench, Boom with { Origin = FailureOrigin.Divergence, Divergence = new DivergenceSides("a", "b", "prepare") }));
        await CheckAsync(bench, "cancelled", await (await (await Story.RunningAsync(bench)).CallAsync("prepare", Story.Json(3))).EndAsync(ExecutionStatus.Cancelled));
        await CheckAsync(bench, "completed", await (await Story.RunningAsync(bench)).EndAsync(ExecutionStatus.Completed, Story.Json("done")));
    }

    [Fact]
    public async Task Explain_Keys_AreThese()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await FailedAsync(bench, Boom with { CausedBy = ["fetch"] });

        var result = await bench.SuccessAsync("kitaru_executions_explain", $$"""{"exec_id":"{{story.Id}}"}""");

        result.Select(pair => pair.Key).ShouldBe(["exec_id", "flow_name", "status", "situation", "summary", "evidence", "next"]);
        result["evidence"]!.AsArray().ShouldAllBe(item => item!.AsObject().Select(pair => pair.Key).SequenceEqual(new[] { "what", "value" }));
        result["next"]!.AsArray().ShouldAllBe(item => item!.AsObject().Select(pair => pair.Key).SequenceEqual(new[] { "tool", "arguments", "why" }));
        result["status"]!.ToString().ShouldBe("failed");
        KitaruJson.WriteBytes(result).Length.ShouldBeLessThan(8000);
    }

    [Fact]
    public async Task Explain_LargeQuestion_StaysSmall()
    {
        await using var bench = await McpBench.StartAsync();
        var schema = new JsonObject { ["enum"] = new JsonArray([.. Enumerable.Range(0, 5000).Select(number => (JsonNode)$"choice {number}")]) };
        var story = await (await Story.RunningAsync(bench)).WaitAsync("choose", new string('?', 20_000), schema.ToJsonString());

        var result = await bench.SuccessAsync("kitaru_executions_explain", $$"""{"exec_id":"{{story.Id}}"}""");

        KitaruJson.WriteBytes(result).Length.ShouldBeLessThan(6000);
        result["next"]![0]!["why"]!.ToString().ShouldContain("choice 0");
    }

    [Theory]
    [InlineData("""{"exec_id":"nonsense"}""", "KitaruUsageError")]
    [InlineData("{}", "KitaruUsageError")]
    [InlineData("""{"exec_id":"0199c0de-0000-7000-8000-000000000000","more":1}""", "KitaruUsageError")]
    [InlineData("""{"exec_id":"0199c0de-0000-7000-8000-000000000000"}""", "KitaruNotFoundError")]
    public async Task Explain_WrongArguments_AreTypedErrors(string arguments, string type)
    {
        await using var bench = await McpBench.StartAsync();
        (await bench.CallAsync("kitaru_executions_explain", arguments)).Error()["type"]!.ToString().ShouldBe(type);
    }

    private static async Task CheckAsync(McpBench bench, string situation, Story story)
    {
        var result = await bench.SuccessAsync("kitaru_executions_explain", $$"""{"exec_id":"{{story.Id}}"}""");
        result["situation"]!.ToString().ShouldBe(situation, result["summary"]!.ToString());
        result["exec_id"]!.ToString().ShouldBe(story.Id.ToString());
        result["summary"]!.ToString().Length.ShouldBeInRange(20, 900);
        CheckNext(result["next"]!.AsArray());
    }

    private static void CheckNext(JsonArray next)
    {
        next.ShouldNotBeEmpty();
        var registry = new ToolRegistry();
        foreach (var call in next)
        {
            call!["why"]!.ToString().Length.ShouldBeGreaterThan(10);
            var arguments = call["arguments"]!.AsObject().ToDictionary(pair => pair.Key, pair => JsonSerializer.SerializeToElement(pair.Value));
            ArgumentCheck.Check(registry.Find(call["tool"]!.ToString()), arguments);
        }
    }

    private static async Task<Story> FailedAsync(McpBench bench, Failure failure)
    {
        var story = await (await Story.RunningAsync(bench)).CallAsync("prepare", Story.Json(3));
        await story.CallAsync("fetch", failure: Boom);
        return await story.EndAsync(ExecutionStatus.Failed, failure: failure);
    }
}
