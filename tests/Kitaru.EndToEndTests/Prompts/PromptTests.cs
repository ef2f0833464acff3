using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.EndToEndTests.World;
using ModelContextProtocol.Protocol;

namespace Kitaru.EndToEndTests.Prompts;

/// <summary>
/// The nine prompts of the contract, as a fresh reader of the tool list did them: in at most four calls, each of which still works, and everything
/// the answer names still stands in what the calls return.
/// </summary>
public sealed partial class PromptTests : EndToEndTest
{
    private const int CallsMax = 4;

    private static readonly Dictionary<string, Dictionary<string, string>> Given = new()
    {
        ["4-start-and-watch"] = new() { ["target"] = "{{file}}:research_agent", ["inputs"] = "topic=\"durable execution\"" },
        ["9-deploy"] = new() { ["target"] = "{{file}}:research_agent", ["inputs"] = "topic=\"durable execution\"" },
    };

    [Fact]
    public async Task PromptsThatOnlyRead_StillWork()
    {
        var world = await SeededAsync();
        foreach (var name in new[] { "1-status", "2-health", "3-tag-cohorts", "7-results" })
            await PlayAsync(world, name);
    }

    [Fact]
    public async Task PromptsThatAct_StillWork()
    {
        var world = await SeededAsync();
        foreach (var name in new[] { "4-start-and-watch", "5-resolve-a-wait", "6-replay" })
            await PlayAsync(world, name);
    }

    [Fact]
    public async Task PromptsOfStacksAndDeployments_StillWork()
    {
        var world = await SeededAsync();
        foreach (var name in new[] { "8-stack", "9-deploy" })
            await PlayAsync(world, name);
    }

    private async Task<(McpServer Server, PromptWorld World)> SeededAsync()
    {
        var server = await StartServerAsync();
        var world = new PromptWorld(server, Home.AddFlow("Assistant.cs"));
        await world.SeedAsync();
        return (server, world);
    }

    private static async Task PlayAsync((McpServer Server, PromptWorld World) scene, string name)
    {
        var transcript = Transcript.Read(name);
        transcript.Calls.Count.ShouldBeInRange(1, CallsMax, name);
        await CheckPromptAsync(scene, name, transcript);
        var seen = "";
        foreach (var call in transcript.Calls)
        {
            var arguments = JsonNode.Parse(scene.World.Fill(call.Arguments.ToJsonString()))!.AsObject();
            var answer = await scene.Server.CallAsync(call.Tool, arguments);
            answer.IsError.ShouldBe(call.IsError, $"{name}, {call.Tool}: {answer.Text}");
            scene.World.Learn(answer);
            seen += answer.Text;
        }
        foreach (Match placeholder in Placeholder().Matches(transcript.Answer))
        {
            scene.World.Knows(placeholder.Value).ShouldBeTrue($"{name} names {placeholder.Value}");
            seen.ShouldContain(scene.World.Value(placeholder.Value), Case.Sensitive, $"{name} names {placeholder.Value}");
        }
    }

    /// <summary>The prompt that the server offers says the user's words, and names every tool that was called.</summary>
    private static async Task CheckPromptAsync((McpServer Server, PromptWorld World) scene, string name, Transcript transcript)
    {
        var arguments = Given.GetValueOrDefault(name, []).ToDictionary(pair => pair.Key, pair => (object?)scene.World.Fill(pair.Value));
        var prompt = await scene.Server.Client.GetPromptAsync(name[2..].Replace('-', '_'), arguments);
        var text = prompt.Messages.ShouldHaveSingleItem().Content.ShouldBeOfType<TextContentBlock>().Text;
        text.ShouldStartWith(scene.World.Fill(transcript.Prompt.Split(" (Asked, ")[0].Split(" (Shown ")[0]), Case.Sensitive, name);
        transcript.Calls.ShouldAllBe(call => text.Contains(call.Tool, StringComparison.Ordinal), name);
    }

    [GeneratedRegex(@"\{\{(exec|call):[a-z_:0-9]+\}\}")]
    private static partial Regex Placeholder();
}
