using System.Text.Json.Nodes;

namespace Kitaru.UnitTests.Mcp;

/// <summary>What is changed through a tool stands in the log of the execution it concerns.</summary>
public class AuditTests
{
    [Fact]
    public async Task Change_IsWrittenDown_WithWhoAndWhat()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);

        await bench.SuccessAsync("kitaru_executions_tag", $$"""{"exec_id":"{{story.Id}}","add":["a"]}""");
        await bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}""");

        var lines = await AuditAsync(bench, story);
        lines.Length.ShouldBe(2);
        lines[0].ShouldMatch("audit: kitaru_executions_tag by mcp:[^,]+, arguments sha256:[0-9a-f]{16}, done");
        lines[1].ShouldContain("kitaru_executions_cancel");
    }

    [Fact]
    public async Task Bulk_IsWrittenDown_WithEachItWasDoneTo_AndNotForThePreview()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);

        var preview = await bench.SuccessAsync("kitaru_executions_bulk", $$"""{"action":"cancel","exec_ids":["{{story.Id}}"]}""");
        (await AuditAsync(bench, story)).ShouldBeEmpty();
        await bench.SuccessAsync("kitaru_executions_bulk", $$"""{"action":"cancel","confirm":"{{preview["confirm"]}}"}""");

        (await AuditAsync(bench, story)).ShouldHaveSingleItem().ShouldContain("kitaru_executions_bulk");
    }

    [Fact]
    public async Task WhatReadsAndWhatIsRefused_IsNotWrittenDown()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);

        await bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{story.Id}}"}""");
        (await bench.CallAsync("kitaru_executions_retry", $$"""{"exec_id":"{{story.Id}}"}""")).Error();

        (await AuditAsync(bench, story)).ShouldBeEmpty();
    }

    [Fact]
    public async Task RepeatedCall_IsWrittenDownOnce()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        var call = new JsonObject { ["exec_id"] = story.Id.ToString(), ["idempotency_key"] = "once" }.ToJsonString();

        await bench.SuccessAsync("kitaru_executions_cancel", call);
        await bench.SuccessAsync("kitaru_executions_cancel", call);

        (await AuditAsync(bench, story)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Change_OfWhatHasNoExecution_IsInTheFile_WithWhoAndOnWhat()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync();

        await bench.SuccessAsync("kitaru_deployments_tag", """{"flow":"research_agent","version":1,"tag":"canary"}""");
        await bench.SuccessAsync("kitaru_deployments_untag", """{"flow":"research_agent","version":1,"tag":"canary"}""");
        await bench.SuccessAsync("manage_stack", """{"action":"create","name":"local-dev"}""");
        await bench.SuccessAsync("manage_stack", """{"action":"delete","name":"local-dev","force":true}""");
        await bench.SuccessAsync("kitaru_executions_prune", """{"older_than_days":30,"dry_run":true}""");
        await bench.SuccessAsync("kitaru_executions_prune", """{"older_than_days":30,"dry_run":false}""");

        var lines = Lines(bench);
        lines.Select(line => line["what"]!.ToString()).ShouldBe(["kitaru_deployments_tag", "kitaru_deployments_untag", "manage_stack", "manage_stack", "kitaru_executions_prune"]);
        lines.ShouldAllBe(line => line["by"]!.ToString().StartsWith("mcp:") && line["arguments"]!.ToString().StartsWith("sha256:") && line["time"] != null);
        lines[0]["about"]!.ToJsonString().ShouldBe("""{"flow":"research_agent","version":1,"tag":"canary","exclusive":false}""");
        lines[3]["about"]!.ToJsonString().ShouldContain("\"action\":\"delete\",\"name\":\"local-dev\"");
        lines[4]["about"]!["older_than_days"]!.GetValue<int>().ShouldBe(30);
    }

    [Fact]
    public async Task Secret_IsWrittenDownByName_AndNothingOfItsValues()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.CallAsync("kitaru_secrets_create", """{"name":"openai-creds","values":{"OPENAI_API_KEY":"sk-very-secret"}}""");
        await bench.CallAsync("kitaru_secrets_create", """{"name":"other-creds","values":{"OPENAI_API_KEY":"sk-also-secret"}}""");

        var text = string.Join('\n', Lines(bench).Select(line => line.ToJsonString()));
        text.ShouldContain("openai-creds");
        text.ShouldNotContain("secret\"");
        text.ShouldNotContain("API_KEY");
        text.ShouldNotContain("sk-");
    }

    [Fact]
    public async Task Change_OfAnExecution_IsInTheFileToo_AsIsWhatATaskChanges()
    {
        await using var bench = await McpBench.StartAsync();
        var (story, other) = (await Story.QueuedAsync(bench), await Story.QueuedAsync(bench));

        await bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}""");
        await bench.TaskAsync("tasks/cancel", $"run.{other.Id}");

        Lines(bench).Select(line => $"{line["what"]} {line["executions"]![0]}").ShouldBe([$"kitaru_executions_cancel {story.Id}", $"tasks/cancel {other.Id}"]);
        (await AuditAsync(bench, other)).ShouldHaveSingleItem().ShouldContain("audit: tasks/cancel by mcp:");
    }

    [Fact]
    public async Task Changes_AtOnce_AreEachALine()
    {
        await using var bench = await McpBench.StartAsync();
        var stories = new List<Story>();
        for (var i = 0; i < 40; i++)
            stories.Add(await Story.QueuedAsync(bench));
        await Task.WhenAll(stories.Select(story => bench.CallAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}""")));
        Lines(bench).Select(line => line["executions"]![0]!.ToString()).ShouldBe(stories.Select(story => story.Id.ToString()), ignoreOrder: true);
    }

    [Fact]
    public async Task File_ThatCannotBeWritten_FailsNoCall()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.QueuedAsync(bench);
        Directory.CreateDirectory(Path.Combine(bench.Backend.Client.Directory.Root, "audit.jsonl"));
        await bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{story.Id}}"}""");
        bench.Diagnostics.ToString().ShouldContain("is not in audit.jsonl");
    }

    private static JsonObject[] Lines(McpBench bench) =>
        [.. File.ReadAllLines(Path.Combine(bench.Backend.Client.Directory.Root, "audit.jsonl")).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>Its lines beside what the store itself says of changes.</summary>
    private static async Task<string[]> AuditAsync(McpBench bench, Story story) =>
        [.. (await bench.CallAsync("get_execution_logs", $$"""{"exec_id":"{{story.Id}}","source":"runner"}""")).Text().Split('\n').Where(line => line.Contains("audit: ", StringComparison.Ordinal))];
}
