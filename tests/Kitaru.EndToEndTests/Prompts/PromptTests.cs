using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Prompts;

/// <summary>
/// The nine prompts of the contract, as a fresh reader of the tool list did them: in at most four calls, each of which still works, and everything
/// the answer names still stands in what the calls return.
/// </summary>
public sealed partial class PromptTests : EndToEndTest
{
    private const int CallsMax = 4;

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

    [GeneratedRegex(@"\{\{(exec|call):[a-z_:0-9]+\}\}")]
    private static partial Regex Placeholder();
}
