namespace Kitaru.UnitTests.Mcp;

public class StatisticsToolTests
{
    private const string Tool = "kitaru_executions_statistics";

    [Fact]
    public async Task Statistics_Contract_HasItsKeysAndValues()
    {
        await using var bench = await McpBench.StartAsync();
        await (await Story.RunningAsync(bench, "content_pipeline")).EndAsync(ExecutionStatus.Completed);
        await (await Story.RunningAsync(bench, "content_pipeline")).EndAsync(ExecutionStatus.Completed);
        await Story.QueuedAsync(bench, "other", "customer-facing");

        var byStatus = await bench.SuccessAsync(Tool, """{"group_by":["status"],"max_groups":10}""");
        // Copied by hand from the contract; labels is ours.
        byStatus.ToJsonString().ShouldBe(
            """{"groups":[{"keys":{"status":"completed"},"execution_count":2,"metrics":{},"labels":{}},{"keys":{"status":"running"},"execution_count":1,"metrics":{},"labels":{}}],"truncated":false,"group_count":2}""");

        var byDay = await bench.SuccessAsync(
            Tool, """{"group_by":["time:day","status"],"metrics":["duration_avg:duration:avg"],"flow":"content_pipeline","max_groups":30}""");
        var group = byDay["groups"]!.AsArray().ShouldHaveSingleItem()!.AsObject();
        group["keys"]!.AsObject().Select(key => key.Key).ShouldBe(["day", "status"]);
        DateTimeOffset.Parse(group["keys"]!["day"]!.ToString()).TimeOfDay.ShouldBe(TimeSpan.Zero);
        group["keys"]!["day"]!.ToString().ShouldEndWith("T00:00:00+00:00");
        group["metrics"]!["duration_avg"]!.GetValue<double>().ShouldBeGreaterThan(0);

        var byTier = await bench.SuccessAsync(Tool, """{"group_by":["metadata:customer_tier","status"],"tags":["customer-facing"],"max_groups":100}""");
        byTier["groups"]![0]!["keys"]!.ToJsonString().ShouldBe("""{"customer_tier":null,"status":"running"}""");
    }

    [Fact]
    public async Task Statistics_Flows_AreIdsWithNamesBeside()
    {
        await using var bench = await McpBench.StartAsync();
        await Story.QueuedAsync(bench, "greet");
        var flow = (await bench.SuccessAsync("kitaru_executions_latest", "{}"))["flow_id"]!.ToString();
        var group = (await bench.SuccessAsync(Tool, $$"""{"group_by":["flow","stack"],"flow":"{{flow}}","stack":"default"}"""))["groups"]![0]!;
        group["keys"]!.ToJsonString().ShouldBe($$"""{"flow_id":"{{flow}}","stack_id":"default"}""");
        group["labels"]!.ToJsonString().ShouldBe("""{"flow_name":"greet","stack_name":"default"}""");
    }

    [Fact]
    public async Task Statistics_NothingGiven_IsOneGroupOfAll()
    {
        await using var bench = await McpBench.StartAsync();
        (await bench.SuccessAsync(Tool, """{"metrics":["n:duration:sum","llm_total_tokens"]}""")).ToJsonString().ShouldBe(
            """{"groups":[{"keys":{},"execution_count":0,"metrics":{"n":null,"llm_total_tokens":null},"labels":{}}],"truncated":false,"group_count":1}""");
    }

    [Fact]
    public async Task Statistics_ListsAsText_AreUnderstood()
    {
        await using var bench = await McpBench.StartAsync();
        (await bench.SuccessAsync(Tool, """{"group_by":"[\"status\"]","metadata":"{\"tier\":\"gold\"}"}"""))["group_count"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Statistics_GroupBy_WarnsOfValuesInTheTranscript()
    {
        await using var bench = await McpBench.StartAsync();
        var tool = (await bench.Client.ListToolsAsync()).Single(tool => tool.Name == Tool).ProtocolTool;
        tool.InputSchema.GetProperty("properties").GetProperty("group_by").GetProperty("description").GetString().ShouldNotBeNull()
            .ShouldContain("metadata:<key> puts the metadata's values into this transcript");
    }

    [Theory]
    [InlineData("""{"group_by":["statu"]}""", "group_by", "status")]
    [InlineData("""{"metrics":["n:duratoin:avg"]}""", "metrics", "duration")]
    [InlineData("""{"status":"faild"}""", "status", "failed")]
    [InlineData("""{"max_groups":0}""", "max_groups", null)]
    [InlineData("""{"max_groups":true}""", "max_groups", null)]
    [InlineData("""{"tags":"nightly"}""", "tags", null)]
    [InlineData("""{"metadata":{"a":{}}}""", "metadata", null)]
    [InlineData("""{"until":"tomorrow"}""", "until", null)]
    [InlineData("""{"groupby":["status"]}""", "groupby", "group_by")]
    public async Task Statistics_WrongArgument_IsAUsageErrorThatNamesIt(string arguments, string argument, string? nearest)
    {
        await using var bench = await McpBench.StartAsync();
        var error = (await bench.CallAsync(Tool, arguments)).Error();
        error["type"]!.ToString().ShouldBe("KitaruUsageError");
        error["next_step"].ShouldNotBeNull();
        error["details"]!["argument"]!.ToString().ShouldBe(argument);
        (error["details"]!["nearest"]?.ToString()).ShouldBe(nearest);
    }
}
