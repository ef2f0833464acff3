using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.UnitTests.Mcp;

public class ArtifactToolTests
{
    // Copied by hand from the contract.
    private static readonly string[] RefKeys = ["artifact_id", "name", "kind", "save_type", "producing_call", "metadata"];

    [Fact]
    public async Task List_Filters_ByNameKindAndCall()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var saved = new NewArtifact(new ArtifactId(Guid.CreateVersion7(TimeProvider.System.GetUtcNow())), "draft", "response", Story.Text("tea"), []);
        await story.CallAsync("write", Story.Json(1), null, saved);
        await story.CallAsync("fetch", Story.Json(2));
        var all = await bench.SuccessAsync("kitaru_artifacts_list", $$"""{"exec_id":"{{story.Id}}"}""");
        all["total"]!.GetValue<int>().ShouldBe(3);
        all["result"]![0]!.AsObject().Select(pair => pair.Key).Take(6).ShouldBe(RefKeys);
        async Task<IEnumerable<string>> NamesAsync(string filter) =>
            (await bench.SuccessAsync("kitaru_artifacts_list", $$"""{"exec_id":"{{story.Id}}",{{filter}}}"""))["result"]!.AsArray().Select(item => item!["artifact_id"]!.ToString());
        (await NamesAsync("\"kind\":\"response\"")).ShouldBe([saved.Id.ToString()]);
        (await NamesAsync("\"name\":\"draft\"")).ShouldBe([saved.Id.ToString()]);
        (await NamesAsync("\"producing_call\":\"write\"")).Count().ShouldBe(2);
        (await NamesAsync("\"limit\":1")).Count().ShouldBe(1);
        var value = await bench.SuccessAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{saved.Id}}"}""");
        value.Select(pair => pair.Key).Take(9).ShouldBe([.. RefKeys, "value", "value_format", "value_type"]);
        (value["value"]!.ToString(), value["value_format"]!.ToString(), value["kind"]!.ToString()).ShouldBe(("tea", "json", "response"));
    }

    [Fact]
    public async Task List_InPages_GivesEachOnce()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        for (var i = 0; i < 5; i++)
            await story.CallAsync($"step_{i}", Story.Json(i));
        var (names, cursor) = (new List<string>(), (string?)"");
        while (cursor is not null)
        {
            var page = await bench.SuccessAsync("kitaru_artifacts_list", $$"""{"exec_id":"{{story.Id}}","limit":2{{(cursor == "" ? "" : $",\"cursor\":\"{cursor}\"")}}}""");
            page["total"]!.GetValue<int>().ShouldBe(5);
            names.AddRange(page["result"]!.AsArray().Select(item => item!["producing_call"]!.ToString()));
            cursor = page["next_cursor"]?.ToString();
        }
        names.ShouldBe(["step_0", "step_1", "step_2", "step_3", "step_4"]);
        (await bench.CallAsync("kitaru_artifacts_list", $$"""{"exec_id":"{{story.Id}}","cursor":"nonsense"}""")).Error()["details"]!["argument"]!.ToString().ShouldBe("cursor");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(200_000)]
    public async Task Get_LargeResult_IsReadInRanges(int chars)
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.EndAsync(ExecutionStatus.Completed, Story.Text(new string('é', chars)));
        var (joined, offset) = ("", "0");
        while (offset.Length > 0)
        {
            var part = await bench.SuccessAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:result","offset":{{offset}},"max_bytes":{{chars - 1}}}""");
            part["artifact_id"]!.ToString().ShouldBe($"{story.Id}:result");
            part["truncated"]!.GetValue<bool>().ShouldBeTrue();
            joined += part["value"]!.ToString();
            offset = part["next_offset"]?.ToString() ?? "";
        }
        joined.ShouldBe(new string('é', chars));
    }

    [Fact]
    public async Task Get_Inputs_AreAnArtifactToo()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        var inputs = await bench.SuccessAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:inputs"}""");
        JsonNode.DeepEquals(inputs["value"], new JsonObject { ["topic"] = "tea" }).ShouldBeTrue();
        (await bench.CallAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:result"}""")).Error()["type"]!.ToString().ShouldBe("KitaruStateError");
        (await bench.CallAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:inputs","offset":5000}""")).Error()["details"]!["argument"]!.ToString().ShouldBe("offset");
    }

    [Fact]
    public async Task Get_Bytes_AreBase64()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.EndAsync(ExecutionStatus.Completed, StoredValue.Of(StoredValue.Bytes, "System.Byte[]", [0, 255]));
        var result = await bench.SuccessAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:result"}""");
        (result["value"]!.ToString(), result["value_format"]!.ToString()).ShouldBe(("AP8=", "base64"));
    }
}
