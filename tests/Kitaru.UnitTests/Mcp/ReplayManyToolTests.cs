using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Many replays in two steps: a preview, and what does exactly that.</summary>
public class ReplayManyToolTests
{
    private const string Tool = "kitaru_executions_replay_many";

    [Fact]
    public async Task Preview_ThenConfirm_ReplaysExactlyThose_Once()
    {
        await using var bench = await McpBench.StartAsync();
        var (first, second) = (await EndedAsync(bench), await EndedAsync(bench));

        var preview = await bench.SuccessAsync(Tool, $$"""{"exec_ids":["{{first.Id}}","{{second.Id}}"],"at":"draft","tag":"june","code":"recorded","dry_run":true}""");
        preview["plans"]!.AsArray().Count.ShouldBe(2);
        preview["expires_at"].ShouldNotBeNull();
        (await TotalAsync(bench)).ShouldBe(2);
        var done = await ConfirmAsync(bench, preview);
        var again = await ConfirmAsync(bench, preview);

        done["results"]!.AsArray().Select(result => result!["original_exec_id"]!.ToString()).ShouldBe([first.Id.ToString(), second.Id.ToString()]);
        (done["tag"]!.ToString(), done["at"]!.ToString(), done["dry_run"]!.GetValue<bool>(), done["confirm"]).ShouldBe(("june", "draft", false, null));
        JsonNode.DeepEquals(again, done).ShouldBeTrue();
        (await TotalAsync(bench)).ShouldBe(4);
        var replay = done["results"]![0]!["replay_exec_id"]!.ToString();
        foreach (var id in new[] { first.Id.ToString(), replay })
            (await bench.CallAsync("get_execution_logs", $$"""{"exec_id":"{{id}}","source":"runner"}""")).Text().ShouldContain("audit: kitaru_executions_replay_many by mcp:");
    }

    [Fact]
    public async Task Contract_WithoutConfirm_ReplaysAtOnce()
    {
        await using var bench = await McpBench.StartAsync();
        var (first, second) = (await EndedAsync(bench), await EndedAsync(bench));
        var done = await bench.SuccessAsync(Tool, $$"""{"exec_ids":["{{first.Id}}","{{second.Id}}"],"at":"draft","flow_overrides":null,"on_error":"collect","code":"recorded"}""");
        (done["results"]!.AsArray().Count, done["confirm"], done["expires_at"]).ShouldBe((2, null, null));
    }

    [Fact]
    public async Task Confirm_WhatWasDeletedSince_IsAFailure_AndTheRestIsReplayed()
    {
        await using var bench = await McpBench.StartAsync();
        var (first, second) = (await EndedAsync(bench), await EndedAsync(bench));
        var preview = await bench.SuccessAsync(Tool, $$"""{"exec_ids":["{{first.Id}}","{{second.Id}}"],"at":"draft","code":"recorded","dry_run":true}""");
        await bench.SuccessAsync("kitaru_executions_delete", $$"""{"exec_id":"{{first.Id}}"}""");

        var done = await ConfirmAsync(bench, preview);

        done["failures"]!.AsArray().ShouldHaveSingleItem()!["reason"]!.ToString().ShouldContain("deleted since the preview");
        done["results"]!.AsArray().ShouldHaveSingleItem()!["original_exec_id"]!.ToString().ShouldBe(second.Id.ToString());
        done["summary"]!.ToJsonString().ShouldBe("""{"submitted":1,"completed":0,"failed":1,"skipped":0}""");
    }

    [Fact]
    public async Task Confirm_WithFail_OfWhatHasChanged_StartsNothing()
    {
        await using var bench = await McpBench.StartAsync();
        var (first, second) = (await EndedAsync(bench), await EndedAsync(bench));
        var preview = await bench.SuccessAsync(Tool, $$"""{"exec_ids":["{{first.Id}}","{{second.Id}}"],"at":"draft","on_error":"fail","code":"recorded","dry_run":true}""");
        await bench.SuccessAsync("kitaru_executions_delete", $$"""{"exec_id":"{{first.Id}}"}""");
        (await bench.CallAsync(Tool, $$"""{"confirm":"{{preview["confirm"]}}"}""")).Error()["message"]!.ToString().ShouldContain("Nothing was started");
        (await TotalAsync(bench)).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"confirm":"made-up"}""", "confirm")]
    [InlineData("""{"confirm":"{confirm}x"}""", "confirm")]
    [InlineData("""{"confirm":"{confirm}","at":"draft"}""", "at")]
    [InlineData("""{"confirm":"{confirm}","idempotency_key":"k"}""", "idempotency_key")]
    [InlineData("""{"confirm":"{confirm}","dry_run":true}""", "dry_run")]
    [InlineData("""{"at":"draft"}""", "exec_ids")]
    [InlineData("""{"exec_ids":["0199c0de-0000-7000-8000-000000000000"]}""", "at")]
    public async Task Call_ThatIsNeither_IsRefused_AndStartsNothing(string arguments, string named)
    {
        await using var bench = await McpBench.StartAsync();
        var story = await EndedAsync(bench);
        var preview = await bench.SuccessAsync(Tool, $$"""{"exec_ids":["{{story.Id}}"],"at":"draft","code":"recorded","dry_run":true}""");
        var error = (await bench.CallAsync(Tool, arguments.Replace("{confirm}", preview["confirm"]!.ToString(), StringComparison.Ordinal))).Error();
        (error["type"]!.ToString(), error["details"]!["argument"]!.ToString()).ShouldBe(("KitaruUsageError", named));
        (await TotalAsync(bench)).ShouldBe(1);
    }

    private static async Task<Story> EndedAsync(McpBench bench)
    {
        var kitaru = await bench.Backend.OpenAsync(CancellationToken.None);
        var flow = new FlowDefinition
        {
            Name = DeploymentBench.Flow,
            Type = "Research",
            Method = "ResearchAgent",
            Parameters = [new FlowParameter { Name = "topic", Required = true, Schema = new JsonObject { ["type"] = "string" } }],
        };
        var story = await Story.RunningAsync(bench);
        var code = (await kitaru.Executions.GetAsync(story.Id)).Execution.Snapshot;
        await kitaru.Snapshots.PutAsync(new SnapshotRecord(code, new FlowManifest { Flows = [flow] }, TimeProvider.System.GetUtcNow(), 1));
        var folder = Directory.CreateDirectory(Path.Combine(bench.Backend.Client.Directory.Snapshots, code.Value)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "snapshot.json"), "{}");
        await story.CallAsync("fetch", Story.Json("notes"));
        await story.CallAsync("draft", Story.Json("text"));
        return await story.EndAsync(ExecutionStatus.Completed, Story.Json("done"));
    }

    private static Task<JsonObject> ConfirmAsync(McpBench bench, JsonObject preview) => bench.SuccessAsync(Tool, $$"""{"confirm":"{{preview["confirm"]}}"}""");

    private static async Task<int> TotalAsync(McpBench bench) => (await bench.SuccessAsync("kitaru_executions_list", "{}"))["total"]!.GetValue<int>();
}
