using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;

namespace Kitaru.UnitTests.Mcp;

public class ToolPolicyTests
{
    [Fact]
    public void Registry_EveryTool_IsInAKnownToolset() => new ToolRegistry().Tools.ShouldAllBe(tool => Toolsets.All.Contains(tool.Toolset));

    [Theory]
    [InlineData(null, null, new string[0], 40)]
    [InlineData("secrets", null, new string[0], 2)]
    [InlineData("secrets,stacks", "true", new string[0], 2)]
    [InlineData("secrets", null, new[] { "--toolsets", "secrets,stacks" }, 2)]
    [InlineData("secrets", null, new[] { "--toolsets=stacks" }, 0)]
    [InlineData("secrets", null, new[] { "--toolsets", "all" }, 2)]
    [InlineData(null, "1", new[] { "--toolsets", "secrets" }, 1)]
    [InlineData(null, null, new[] { "--read-only", "--toolsets", "Storage" }, 1)]
    public void Arguments_AndEnvironment_EachTakeToolsAway(string? sets, string? readOnly, string[] args, int expected)
    {
        var policy = ProgramArguments.Parse(args, name => name switch
        {
            ToolPolicyWords.SetsVariable => sets,
            ToolPolicyWords.ReadOnlyVariable => readOnly,
            _ => null,
        });
        new ToolRegistry().Tools.Count(policy.Allows).ShouldBe(expected);
    }

    [Theory]
    [InlineData("--toolset", "--toolsets")]
    [InlineData("--toolsets=secretz", "'secretz'")]
    [InlineData("--toolsets", "needs names")]
    [InlineData("--read-only=no", "--read-only=no")]
    public void Arguments_ThatAreWrong_AreNamed(string argument, string expected) =>
        Should.Throw<KitaruUsageException>(() => ProgramArguments.Parse([argument], _ => null)).Message.ShouldContain(expected);

    [Fact]
    public void Environment_ThatIsNeitherTrueNorFalse_IsRefused() =>
        Should.Throw<KitaruUsageException>(() => ToolPolicyWords.FromEnvironment(name => name == ToolPolicyWords.ReadOnlyVariable ? "yes please" : null)).Message.ShouldContain("yes please");

    [Fact]
    public void Instructions_NameOnlyToolsThatAreOn()
    {
        var tools = new ToolRegistry().Tools;
        ToolPolicy[] policies = [ToolPolicy.Everything, ToolPolicy.Everything with { Has = ToolNeeds.Store }, .. Toolsets.All.Select(set => ToolPolicy.Everything.Tighten(set, readOnly: false)), .. Toolsets.All.Select(set => ToolPolicy.Everything.Tighten(set, readOnly: true))];
        foreach (var policy in policies)
        {
            var named = System.Text.RegularExpressions.Regex.Matches(Instructions.For(policy), @"\bkitaru_[a-z_]+").Select(match => match.Value);
            named.ShouldAllBe(name => policy.Allows(tools.Single(tool => tool.Name == name)));
        }
    }

    [Theory]
    [InlineData(null, false, true, true, true)]
    [InlineData(null, true, true, true, false)]
    [InlineData("executions", false, true, true, true)]
    [InlineData("secrets,stacks", false, false, false, false)]
    public void Instructions_NameResourcesPromptsAndTasks_WhereThereAreAny(string? sets, bool readOnly, bool resources, bool prompts, bool tasks)
    {
        var text = Instructions.For(ToolPolicy.Everything.Tighten(sets, readOnly));
        (text.Contains("kitaru://executions/", StringComparison.Ordinal), text.Contains("Prompts", StringComparison.Ordinal), text.Contains("Tasks:", StringComparison.Ordinal))
            .ShouldBe((resources, prompts, tasks));
    }

    [Fact]
    public async Task Server_ThatIsReadOnly_ListsAndCallsNothingThatChanges()
    {
        await using var bench = await McpBench.StartAsync(ToolPolicy.Everything.Tighten("executions,secrets", readOnly: true));
        (await bench.Client.ListToolsAsync()).Select(tool => tool.Name).ShouldBe(
        [
            "kitaru_executions_list", "kitaru_executions_get", "kitaru_executions_latest", "kitaru_executions_statistics", "kitaru_executions_explain", "get_execution_logs", "kitaru_artifacts_list",
            "kitaru_artifacts_get", "kitaru_secrets_list",
        ]);
        (await bench.CallAsync("kitaru_secrets_create", """{"name":"a","values":{"A":"b"}}""")).Error()["message"]!.ToString().ShouldContain("read-only");
        (await bench.CallAsync("kitaru_status")).Error()["next_step"]!.ToString().ShouldContain("executions, secrets");
        bench.Client.ServerInstructions.ShouldNotBeNull().ShouldContain("read-only");
    }
}
