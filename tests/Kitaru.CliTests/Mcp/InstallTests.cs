using System.Text.Json.Nodes;

namespace Kitaru.CliTests.Mcp;

public class InstallTests
{
    [Fact]
    public async Task Project_AddsToTheFileAndKeepsWhatIsThere()
    {
        await using var world = new CliWorld();
        var path = world.Write(".mcp.json", """{"other": 1, "mcpServers": {"a": {"command": "b"}, "kitaru": {"command": "old", "env": {"X": "1"}}}}""");
        var below = Directory.CreateDirectory(Path.Combine(world.WorkingDirectory, "src")).FullName;

        (await world.RunAsync(host => host with { WorkingDirectory = below }, "mcp", "install", "--scope", "project")).ShouldSucceed();

        var file = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        file["other"]!.GetValue<int>().ShouldBe(1);
        file["mcpServers"]!["a"]!["command"]!.ToString().ShouldBe("b");
        file["mcpServers"]!["kitaru"]!["env"]!["X"]!.ToString().ShouldBe("1");
        Path.IsPathFullyQualified(file["mcpServers"]!["kitaru"]!["command"]!.ToString()).ShouldBeTrue();
        File.Exists(file["mcpServers"]!["kitaru"]!["args"]![0]!.ToString()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"mcpServers\": 1}")]
    public async Task Project_OfAFileOfAnotherKind_ChangesNothing(string text)
    {
        await using var world = new CliWorld();
        var path = world.Write(".mcp.json", text);

        (await world.RunAsync("mcp", "install", "--scope", "project")).ShouldFail().Error.ShouldContain("cannot be changed");

        (await File.ReadAllTextAsync(path)).ShouldBe(text);
    }

    [Theory]
    [InlineData("local")]
    [InlineData("user")]
    public async Task OtherScopes_PrintTheLineToRun(string scope)
    {
        await using var world = new CliWorld();
        (await world.RunAsync("mcp", "install", "--scope", scope)).ShouldSucceed().Output.ShouldMatch($@" mcp add --scope {scope} kitaru -- \S+ \S+kitaru-mcp\.dll\n$");
    }

    [Fact]
    public async Task Scope_ThatIsMisspelt_OffersTheNearest()
    {
        await using var world = new CliWorld();
        (await world.RunAsync("mcp", "install", "--scope", "proyect")).ShouldFail().Error.ShouldContain("Did you mean 'project'?");
    }
}
