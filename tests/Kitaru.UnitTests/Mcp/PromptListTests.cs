using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.Mcp.Prompts;
using Kitaru.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class PromptListTests
{
    // In the order of the contract; an argument with ! must be given.
    private static readonly Dictionary<string, string> Contract = new()
    {
        ["status"] = "",
        ["health"] = "flow",
        ["tag_cohorts"] = "tags",
        ["start_and_watch"] = "target! inputs",
        ["resolve_a_wait"] = "flow",
        ["replay"] = "exec_id from",
        ["results"] = "exec_id kind",
        ["stack"] = "name",
        ["deploy"] = "target! inputs tag",
    };

    [Fact]
    public async Task ListPrompts_Everything_IsTheNineWithTheirArguments()
    {
        await using var bench = await McpBench.StartAsync();
        var prompts = (await bench.Client.ListPromptsAsync()).Select(prompt => prompt.ProtocolPrompt).ToList();
        prompts.Select(prompt => prompt.Name).ShouldBe(Contract.Keys);
        foreach (var prompt in prompts)
        {
            string.Join(' ', (prompt.Arguments ?? []).Select(argument => argument.Name + (argument.Required == true ? "!" : ""))).ShouldBe(Contract[prompt.Name]);
            prompt.Title.ShouldNotBeNullOrEmpty();
            prompt.Description.ShouldNotBeNullOrEmpty();
            (prompt.Arguments ?? []).ShouldAllBe(argument => argument.Title!.Length > 0 && argument.Description!.Length > 20);
        }
    }

    [Fact]
    public async Task ListPrompts_WithoutTheirTools_AreNotOffered()
    {
        await using var reader = await McpBench.StartAsync(ToolPolicy.Everything.Tighten(null, readOnly: true));
        (await reader.Client.ListPromptsAsync()).Select(prompt => prompt.Name).ShouldBe(["status", "health", "tag_cohorts", "results"]);
        var refused = await Should.ThrowAsync<McpProtocolException>(async () => await reader.Client.GetPromptAsync("stack"));
        refused.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        refused.Message.ShouldContain("read-only");

        await using var shared = await McpBench.StartAsync(ToolPolicy.Everything with { Has = ToolNeeds.Store });
        var prompts = await shared.Client.ListPromptsAsync();
        prompts.Select(prompt => prompt.Name).ShouldBe(Contract.Keys.Where(name => name != "deploy"), ignoreOrder: true);
        (await TextAsync(shared, "start_and_watch", new() { ["target"] = "research_agent" })).ShouldContain("kitaru_deployments_invoke(flow=\"research_agent\"");
    }

    [Fact]
    public async Task GetPrompt_Each_NamesItsToolsAndNoOthers()
    {
        await using var bench = await McpBench.StartAsync();
        foreach (var (name, arguments) in Contract)
        {
            var given = arguments.Contains("target!", StringComparison.Ordinal) ? new Dictionary<string, object?> { ["target"] = "a.cs:flow", ["inputs"] = "topic=\"durable execution\"" } : null;
            var text = await TextAsync(bench, name, given);
            var named = Regex.Matches(text, @"\bkitaru_[a-z_]+|\bmanage_stack|\bget_execution_logs").Select(match => match.Value).Distinct().ToList();
            var prompt = PromptCatalog.All.First(prompt => prompt.Name == name);
            named.ShouldAllBe(tool => prompt.Tools.Contains(tool), name);
            named.ShouldNotBeEmpty(name);
            text.Length.ShouldBeLessThan(1200, name);
            text.ShouldNotContain("``", Case.Sensitive, name);
        }
    }

    [Fact]
    public async Task GetPrompt_Arguments_StandInTheText()
    {
        await using var bench = await McpBench.StartAsync();
        (await TextAsync(bench, "stack", new() { ["name"] = "mine" })).ShouldContain("manage_stack(action=\"create\", name=\"mine\")");
        (await TextAsync(bench, "tag_cohorts", new() { ["tags"] = "a,b" })).ShouldContain("the tags `a` and `b`;");
        (await TextAsync(bench, "replay", new() { ["exec_id"] = "7", ["from"] = "load" })).ShouldContain("Replay execution `7` from the checkpoint `load`;");
        (await TextAsync(bench, "health", new() { ["flow"] = "quote" })).ShouldContain("flow=\"quote\"");
    }

    [Theory]
    [InlineData("stat", "{}", "Did you mean 'status'?")]
    [InlineData("start_and_watch", "{}", "'target' of the prompt start_and_watch is missing")]
    [InlineData("start_and_watch", """{"target":" "}""", "is missing")]
    [InlineData("stack", """{"nam":"x"}""", "Did you mean 'name'?")]
    [InlineData("status", """{"limit":"5"}""", "It takes none.")]
    [InlineData("stack", """{"name":"x\ny"}""", "one line")]
    [InlineData("stack", """{"name":5}""", "must be text; it is number")]
    public async Task GetPrompt_Wrong_SaysWhatAndWhatNext(string name, string arguments, string expected)
    {
        await using var bench = await McpBench.StartAsync();
        var given = JsonNode.Parse(arguments)!.AsObject().ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        var refused = await Should.ThrowAsync<McpProtocolException>(async () => await bench.Client.GetPromptAsync(name, given));
        refused.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        refused.Message.ShouldContain(expected);
    }

    private static async Task<string> TextAsync(McpBench bench, string prompt, Dictionary<string, object?>? arguments = null)
    {
        var message = (await bench.Client.GetPromptAsync(prompt, arguments)).Messages.ShouldHaveSingleItem();
        message.Role.ShouldBe(Role.User);
        return message.Content.ShouldBeOfType<TextContentBlock>().Text;
    }
}
