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

    /// <summary>Its lines beside what the store itself says of changes.</summary>
    private static async Task<string[]> AuditAsync(McpBench bench, Story story) =>
        [.. (await bench.CallAsync("get_execution_logs", $$"""{"exec_id":"{{story.Id}}","source":"runner"}""")).Text().Split('\n').Where(line => line.Contains("audit: ", StringComparison.Ordinal))];
}
