using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Mcp.Resources;
using Kitaru.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class ResourceTests
{
    [Fact]
    public async Task ListTemplates_Everything_AreExplained_AndWithinTheirToolsets()
    {
        await using var bench = await McpBench.StartAsync();
        var templates = await bench.Client.ListResourceTemplatesAsync();
        templates.Select(one => one.UriTemplate).ShouldBe(
        [
            "kitaru://executions/{exec_id}", "kitaru://executions/{exec_id}/checkpoints{?offset,limit}", "kitaru://executions/{exec_id}/checkpoints/{checkpoint}",
            "kitaru://executions/{exec_id}/artifacts{?offset,limit}", "kitaru://executions/{exec_id}/logs{?checkpoint,level,source,after}", "kitaru://artifacts/{artifact_id}{?offset,length}",
            "kitaru://deployments/{flow}", "kitaru://deployments/{flow}/versions/{version}", "kitaru://deployments/{flow}/tags/{tag}",
        ]);
        templates.ShouldAllBe(one => one.Title!.Length > 0 && one.Description!.Length > 40);
        foreach (var resource in ResourceCatalog.All)
            resource.Suggests.Keys.ShouldAllBe(name => resource.Pattern.Text.Contains(name, StringComparison.Ordinal), resource.Name);

        await using var part = await McpBench.StartAsync(ToolPolicy.Everything.Tighten("deployments", readOnly: false));
        (await part.Client.ListResourceTemplatesAsync()).ShouldAllBe(one => one.UriTemplate.StartsWith("kitaru://deployments", StringComparison.Ordinal));
        (await ReadFailsAsync(part, "kitaru://executions/0199c0de-0000-7000-8000-000000000000")).Message.ShouldContain("toolset 'executions' is switched off");
    }

    [Fact]
    public async Task ListResources_FlowsThenExecutions_PageByPage()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 3 });
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 3 });
        const int count = 60;
        for (var i = 0; i < count; i++)
            await Story.QueuedAsync(bench);

        var first = await bench.Client.ListResourcesAsync(new ListResourcesRequestParams());
        var all = await bench.Client.ListResourcesAsync();

        first.NextCursor.ShouldNotBeNull();
        first.Resources.Count.ShouldBe(51);
        all.Select(one => one.Uri).Distinct().Count().ShouldBe(count + 1);
        all[0].Uri.ShouldBe("kitaru://deployments/research_agent");
        all[1].Title.ShouldBe("research_agent: running");
        (await Should.ThrowAsync<McpProtocolException>(async () => await bench.Client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = "x" }))).ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
    }

    [Fact]
    public async Task ReadResource_OfAnExecution_IsWhatTheToolsAnswer()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.CallAsync("load", Story.Json("notes"));
        await story.CallAsync("draft", Story.Json("text"));
        await story.EndAsync(ExecutionStatus.Completed, Story.Json(new JsonObject { ["ok"] = true }));
        var root = $"kitaru://executions/{story.Id}";

        var full = JsonNode.Parse(await TextAsync(bench, root))!;
        JsonNode.DeepEquals(full, await bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""")).ShouldBeTrue();
        var calls = JsonNode.Parse(await TextAsync(bench, root + "/checkpoints"))!;
        JsonNode.DeepEquals(calls["result"], full["checkpoints"]).ShouldBeTrue();
        var page = JsonNode.Parse(await TextAsync(bench, root + "/checkpoints?limit=1"))!;
        page["result"]!.AsArray().Count.ShouldBe(1);
        JsonNode.Parse(await TextAsync(bench, page["next"]!.ToString()))!["result"]![0]!["name"]!.ToString().ShouldBe("draft");
        JsonNode.Parse(await TextAsync(bench, root + "/checkpoints/load"))!["status"]!.ToString().ShouldBe("completed");
        var artifact = JsonNode.Parse(await TextAsync(bench, root + "/artifacts"))!["result"]![0]!;
        (await TextAsync(bench, artifact["uri"]!.ToString())).ShouldBe("\"notes\"");
        (await TextAsync(bench, $"kitaru://artifacts/{story.Id}%3Aresult")).ShouldBe("""{"ok":true}""");
    }

    [Fact]
    public async Task ReadResource_OfALargeText_GoesOnByRanges()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var whole = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"é{i % 7}"));
        await story.EndAsync(ExecutionStatus.Completed, Story.Text(whole));

        var (read, uri, parts) = (new StringBuilder(), (string?)$"kitaru://artifacts/{story.Id}:result", 0);
        while (uri is not null && parts++ < 10)
        {
            var contents = (await bench.Client.ReadResourceAsync(uri)).Contents;
            var part = contents[0].ShouldBeOfType<TextResourceContents>();
            part.MimeType.ShouldBe("text/plain");
            part.Meta.ShouldNotBeNull()["size_bytes"]!.GetValue<int>().ShouldBe(90_000);
            read.Append(part.Text);
            uri = contents.Count == 1 ? null : contents[1].ShouldBeOfType<TextResourceContents>().Text.Split("the rest: ")[1].TrimEnd(']');
        }
        parts.ShouldBe(3);
        read.ToString().ShouldBe(whole);
    }

    [Fact]
    public async Task ReadResource_OfBytes_IsABlob()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        byte[] bytes = [1, 2, 250, 0];
        await story.EndAsync(ExecutionStatus.Completed, StoredValue.Of(StoredValue.Bytes, "System.Byte[]", bytes));
        var blob = (await bench.Client.ReadResourceAsync($"kitaru://artifacts/{story.Id}:result")).Contents.ShouldHaveSingleItem().ShouldBeOfType<BlobResourceContents>();
        blob.MimeType.ShouldBe("application/octet-stream");
        blob.DecodedData.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task ReadResource_OfALog_GoesOnFromWhereItWasCut()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        var line = new string('x', 200);
        await story.LogAsync([.. Enumerable.Range(0, 700).Select(i => Story.Line($"{i} {line}"))]);

        var newest = await TextAsync(bench, $"kitaru://executions/{story.Id}/logs");
        newest.ShouldContain("699 xxx");
        newest.Split('\n')[0].ShouldStartWith("[older lines left out; from the beginning: kitaru://executions/");
        var (uri, lines) = ((string?)newest.Split('\n')[0].Split("beginning: ")[1].TrimEnd(']'), new List<string>());
        while (uri is not null && lines.Count < 1000)
        {
            var text = (await TextAsync(bench, uri)).Split('\n').ToList();
            uri = text[^1].StartsWith("[more lines: ", StringComparison.Ordinal) ? text[^1].Split("lines: ")[1].TrimEnd(']') : null;
            lines.AddRange(uri is null ? text : text[..^1]);
        }
        lines.Count.ShouldBe(700);
        lines.Distinct().Count().ShouldBe(700);
        (await TextAsync(bench, $"kitaru://executions/{story.Id}/logs?level=ERROR")).ShouldBe("No log entries found.");
    }

    [Fact]
    public async Task ReadResource_OfADeployment_ByFlowVersionAndTag()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 3 }, tags: ("canary", true));
        var flow = JsonNode.Parse(await TextAsync(bench, "kitaru://deployments/research_agent"))!;
        flow["latest_version"]!.GetValue<int>().ShouldBe(1);
        var version = await TextAsync(bench, "kitaru://deployments/research_agent/versions/1");
        (await TextAsync(bench, "kitaru://deployments/research_agent/tags/canary")).ShouldBe(version);
        JsonNode.DeepEquals(JsonNode.Parse(version), await bench.SuccessAsync("kitaru_deployments_get", """{"flow":"research_agent","version":1}""")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("2025-11-25", McpErrorCode.ResourceNotFound)]
    [InlineData("2026-07-28", McpErrorCode.InvalidParams)]
    public async Task ReadResource_ThatIsNotThere_IsTheErasError(string version, McpErrorCode expected)
    {
        await using var bench = await McpBench.StartAsync(version: version);
        bench.Client.NegotiatedProtocolVersion.ShouldBe(version);
        foreach (var uri in new[]
        {
            "kitaru://executions/0199c0de-0000-7000-8000-000000000000", "kitaru://executions/0199c0de-0000-7000-8000-000000000000/logs", "kitaru://artifacts/0199c0de-0000-7000-8000-000000000000",
            "kitaru://deployments/nothing", "kitaru://nothing", "file:///etc/passwd",
        })
            (await ReadFailsAsync(bench, uri)).ErrorCode.ShouldBe(expected, uri);
    }

    [Theory]
    [InlineData("kitaru://executions/..%2F..%2Fetc", "execution id")]
    [InlineData("kitaru://executions/0199c0de-0000-7000-8000-000000000000/logs?levle=INFO", "Did you mean 'level'?")]
    [InlineData("kitaru://executions/0199c0de-0000-7000-8000-000000000000/logs?level=LOUD", "must be one of TRACE")]
    [InlineData("kitaru://executions/0199c0de-0000-7000-8000-000000000000/logs?after=-1", "whole number from 0")]
    [InlineData("kitaru://executions/0199c0de-0000-7000-8000-000000000000/logs?after=1&after=2", "twice")]
    [InlineData("kitaru://deployments/research_agent/versions/one", "whole number from 1")]
    public async Task ReadResource_WrongAddress_SaysWhatAndWhatNext(string uri, string expected)
    {
        await using var bench = await McpBench.StartAsync();
        var refused = await ReadFailsAsync(bench, uri);
        refused.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        refused.Message.ShouldContain(expected);
    }

    [Fact]
    public async Task CallTool_AnswerThatWasCut_LinksToTheRest()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await story.EndAsync(ExecutionStatus.Completed, Story.Text(new string('x', 1000)));
        var cut = await bench.CallAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:result","max_bytes":600}""");
        var link = cut.Content.OfType<ResourceLinkBlock>().ShouldHaveSingleItem();
        (await TextAsync(bench, link.Uri)).Length.ShouldBe(400);
        var whole = await bench.CallAsync("kitaru_artifacts_get", $$"""{"artifact_id":"{{story.Id}}:result"}""");
        whole.Content.OfType<ResourceLinkBlock>().ShouldBeEmpty();
    }

    [Fact]
    public async Task CallTool_ThatStarts_LinksToTheExecution()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 3 });
        var started = await bench.CallAsync("kitaru_deployments_invoke", """{"flow":"research_agent"}""");
        var link = started.Content.OfType<ResourceLinkBlock>().ShouldHaveSingleItem();
        JsonNode.Parse(await TextAsync(bench, link.Uri))!["flow_name"]!.ToString().ShouldBe("research_agent");
    }

    private static async Task<string> TextAsync(McpBench bench, string uri)
    {
        var all = (await bench.Client.ReadResourceAsync(uri)).Contents;
        var contents = all.ShouldHaveSingleItem().ShouldBeOfType<TextResourceContents>();
        contents.Uri.ShouldBe(uri);
        contents.MimeType.ShouldNotBeNull();
        return contents.Text;
    }

    private static async Task<McpProtocolException> ReadFailsAsync(McpBench bench, string uri) =>
        await Should.ThrowAsync<McpProtocolException>(async () => await bench.Client.ReadResourceAsync(uri));
}
