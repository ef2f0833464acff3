using System.Text.Json.Nodes;
using Kitaru.Core;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class CompletionTests
{
    private const string Log = "kitaru://executions/{exec_id}/logs{?checkpoint,level,source,after}";

    [Fact]
    public async Task Complete_ExecutionIds_NewestFirst_AtMostAHundred()
    {
        await using var bench = await McpBench.StartAsync();
        const int count = 105;
        Story last = null!;
        for (var i = 0; i < count; i++)
            last = await Story.QueuedAsync(bench);
        var ids = await CompleteAsync(bench, new ResourceTemplateReference { Uri = Log }, "exec_id", "");
        ids.Values.Count.ShouldBe(100);
        ids.Values[0].ShouldBe(last.Id.ToString());
        ids.Total.ShouldBe(count);
        ids.HasMore.ShouldBe(true);
        var one = await CompleteAsync(bench, new ResourceTemplateReference { Uri = Log }, "exec_id", last.Id.ToString()[..35]);
        one.Values.ShouldContain(last.Id.ToString());
        one.HasMore.ShouldBe(false);
        (await CompleteAsync(bench, new PromptReference { Name = "replay" }, "exec_id", "")).Values.ShouldBeEmpty();
    }

    [Fact]
    public async Task Complete_NamesOfTheStore_InPromptsAndTemplates()
    {
        await using var bench = await McpBench.StartAsync();
        await bench.DeployAsync(new JsonObject { ["topic"] = "tea", ["maxPages"] = 3 }, tags: ("canary", true));
        var story = await Story.RunningAsync(bench, "quote_agent", "nightly", "customer-facing");
        await story.CallAsync("load", Story.Json("notes"));
        await story.CallAsync("draft", Story.Json("text"));
        await story.EndAsync(ExecutionStatus.Completed, Story.Json(1));
        var chosen = new Dictionary<string, string> { ["exec_id"] = story.Id.ToString(), ["flow"] = "research_agent" };

        (await PromptAsync("health", "flow", "")).ShouldBe(["quote_agent", "research_agent"]);
        (await PromptAsync("tag_cohorts", "tags", "n")).ShouldBe(["nightly"]);
        (await PromptAsync("tag_cohorts", "tags", "nightly, c")).ShouldBe(["nightly, customer-facing"]);
        (await PromptAsync("start_and_watch", "target", "flows/")).ShouldBe(["flows/Research.cs:research_agent"]);
        (await PromptAsync("stack", "name", "DEF")).ShouldBe(["default"]);
        (await PromptAsync("results", "exec_id", "")).ShouldBe([story.Id.ToString()]);
        (await PromptAsync("results", "kind", "re")).ShouldBe(["response"]);
        (await PromptAsync("replay", "from", "", chosen)).ShouldBe(["load", "draft"]);
        (await PromptAsync("deploy", "inputs", "")).ShouldBeEmpty();
        (await TemplateAsync(Log, "checkpoint", "d", chosen)).ShouldBe(["draft"]);
        (await TemplateAsync(Log, "level", "W")).ShouldBe(["WARNING"]);
        (await TemplateAsync("kitaru://deployments/{flow}/versions/{version}", "version", "", chosen)).ShouldBe(["1"]);
        (await TemplateAsync("kitaru://deployments/{flow}/tags/{tag}", "tag", "", chosen)).ShouldBe(["canary", "default"]);
        (await TemplateAsync("kitaru://deployments/{flow}", "flow", "")).ShouldBe(["research_agent"]);
        (await TemplateAsync("kitaru://artifacts/{artifact_id}{?offset,length}", "artifact_id", "")).ShouldContain($"{story.Id}:result");

        async Task<IList<string>> PromptAsync(string prompt, string argument, string typed, Dictionary<string, string>? context = null) =>
            (await CompleteAsync(bench, new PromptReference { Name = prompt }, argument, typed, context)).Values;
        async Task<IList<string>> TemplateAsync(string template, string argument, string typed, Dictionary<string, string>? context = null) =>
            (await CompleteAsync(bench, new ResourceTemplateReference { Uri = template }, argument, typed, context)).Values;
    }

    [Fact]
    public async Task Complete_Unknown_SaysWhat()
    {
        await using var bench = await McpBench.StartAsync();
        foreach (var (reference, argument, expected) in new (Reference, string, string)[]
        {
            (new PromptReference { Name = "helth" }, "flow", "Did you mean 'health'?"),
            (new PromptReference { Name = "health" }, "flw", "Did you mean 'flow'?"),
            (new ResourceTemplateReference { Uri = "kitaru://executions" }, "exec_id", "There is no template"),
        })
        {
            var refused = await Should.ThrowAsync<McpProtocolException>(() => CompleteAsync(bench, reference, argument, ""));
            refused.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
            refused.Message.ShouldContain(expected);
        }
    }

    private static async Task<Completion> CompleteAsync(McpBench bench, Reference reference, string argument, string typed, Dictionary<string, string>? chosen = null) =>
        (await bench.Client.CompleteAsync(new CompleteRequestParams
        {
            Ref = reference,
            Argument = new Argument { Name = argument, Value = typed },
            Context = chosen is null ? null : new CompleteContext { Arguments = chosen },
        })).Completion;
}
