using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.UnitTests.Mcp;

public class ReplayToolTests
{
    [Theory]
    [InlineData("", "recorded", true)]
    [InlineData(",\"code\":\"recorded\"", "recorded", false)]
    [InlineData(",\"target\":\"flows/Other.cs:research_agent\"", "target flows/Other.cs:research_agent", false)]
    public async Task DryRun_SaysWhichCodeWouldRun_AndWhatIsNotAsUsual(string more, string code, bool warns)
    {
        await using var bench = await McpBench.StartAsync();
        var kitaru = await bench.Backend.OpenAsync(CancellationToken.None);
        var flow = new FlowDefinition { Name = "research_agent", Type = "My.Flows", Method = "ResearchAgent" };
        await kitaru.Snapshots.PutAsync(new SnapshotRecord(new SnapshotId("0123456789abcdef"), new FlowManifest { Flows = [flow] }, TimeProvider.System.GetUtcNow(), 0));
        var story = await Story.RunningAsync(bench);
        await (await story.CallAsync("draft", Story.Json("tea"))).EndAsync(ExecutionStatus.Completed, Story.Json("tea"));
        var plan = await bench.SuccessAsync("kitaru_executions_replay", $$"""{"exec_id":"{{story.Id}}","from_":"draft","dry_run":true{{more}}}""");
        plan["code"]!.ToString().ShouldBe(code);
        (plan["warning"]?.ToString().Contains("the code that was recorded", StringComparison.Ordinal) ?? false).ShouldBe(warns);
        plan["execution"].ShouldBeNull();
    }
}
