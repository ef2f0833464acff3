using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.UnitTests.Mcp;

public class TextBlockTests
{
    [Fact]
    public async Task ValuesOfFlows_StandInTheText_DownToTheLastNull()
    {
        await using var bench = await McpBench.StartAsync();
        const string value = """{"nothing":null,"none":[],"empty":{},"in":{"kitaru_execution_spec":null}}""";
        var story = await Story.RunningAsync(bench);
        await story.CallAsync("draft", Story.Json(JsonNode.Parse(value)));
        await story.EndAsync(ExecutionStatus.Completed, Story.Json(JsonNode.Parse(value)));
        KitaruJson.Write((await TextAsync(bench, "kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}"""))["result"]).ShouldBe(value);
        var artifact = (await bench.SuccessAsync("kitaru_artifacts_list", $$"""{"exec_id":"{{story.Id}}"}"""))["result"]![0]!["artifact_id"]!;
        KitaruJson.Write((await TextAsync(bench, "kitaru_artifacts_get", $$"""{"artifact_id":"{{artifact}}"}"""))["value"]).ShouldBe(value);
    }

    [Fact]
    public async Task ResultThatIsNull_IsSaid()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.EndAsync(ExecutionStatus.Completed, Story.Json(null));
        (await TextAsync(bench, "kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""")).ContainsKey("result").ShouldBeTrue();
    }

    [Fact]
    public async Task EmptyList_IsSaid() => KitaruJson.Write(await TextAsync(await McpBench.StartAsync(), "kitaru_executions_list", "{}")).ShouldBe("""{"result":[],"total":0}""");

    [Theory]
    [InlineData("kitaru_executions_list")]
    [InlineData("kitaru_executions_latest")]
    [InlineData("kitaru_status")]
    public async Task Text_IsMuchShorterThanTheStructuredResult(string tool)
    {
        await using var bench = await McpBench.StartAsync();
        for (var i = 0; i < 5; i++)
            await (await (await Story.RunningAsync(bench)).CallAsync("draft", Story.Json(i))).EndAsync(ExecutionStatus.Completed, Story.Json("done"));
        var result = await bench.CallAsync(tool);
        result.Text().Length.ShouldBeLessThan(KitaruJson.WriteBytes(result.Structured()).Length * 5 / 6);
    }

    private static async Task<JsonObject> TextAsync(McpBench bench, string tool, string arguments) =>
        JsonNode.Parse((await bench.CallAsync(tool, arguments)).Text())!.AsObject();
}
