using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Installed;

/// <summary>kitaru-mcp and kitaru as a user gets them: installed from packages, far from any checkout, on a machine without a network.</summary>
[Collection(ToolFeed.Name)]
public sealed class InstalledToolTests(ToolFeed feed) : EndToEndTest
{
    private const string Greeting = """
        using Kitaru;

        public static class Greetings
        {
            [Flow]
            public static async Task<string> Greet(string name) => await Say("Hello, " + name);

            [Checkpoint]
            internal static Task<string> Say(string words) => Task.FromResult(words + "!");
        }
        """;

    [Fact]
    public void Package_SaysWhatItIs()
    {
        using var mcp = ZipFile.OpenRead(Path.Combine(feed.Feed, $"Kitaru.Mcp.{feed.Version}.nupkg"));
        using var nuspec = mcp.GetEntry("Kitaru.Mcp.nuspec")!.Open();
        XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "packageType").Select(element => element.Attribute("name")!.Value)
            .ShouldBe(["DotnetTool", "McpServer"], ignoreOrder: true);
        mcp.GetEntry("icon.png").ShouldNotBeNull();
        mcp.GetEntry("README.md").ShouldNotBeNull();

        using var json = mcp.GetEntry(".mcp/server.json")!.Open();
        var server = JsonNode.Parse(json)!;
        server["version"]!.ToString().ShouldBe(feed.Version);
        var package = server["packages"]!.AsArray().ShouldHaveSingleItem()!;
        package["identifier"]!.ToString().ShouldBe("Kitaru.Mcp");
        package["version"]!.ToString().ShouldBe(feed.Version);
        var documented = File.ReadAllText(Path.Combine(Programs.Repository, "docs", "mcp.md")) + File.ReadAllText(Path.Combine(Programs.Repository, "docs", "connection.md"));
        foreach (var variable in Variables(server))
            documented.ShouldContain($"`{variable}`");
    }

    [Fact]
    public async Task KitaruMcp_Installed_RunsAFlow_AndStartsItsServer()
    {
        Home.Write("Greetings.cs", Greeting);
        await using var mcp = await StartAsync(feed.Command("kitaru-mcp"));

        (await mcp.RunToEndAsync("Greetings.cs:greet", new { name = "you" })).ShouldHaveEnded("completed").Result<string>().ShouldBe("Hello, you!");
        (await mcp.CallAsync("kitaru_start_local_server", new { })).ShouldBeFine().Data["action"]!.ToString().ShouldBe("started");
        try
        {
            (await mcp.CallAsync("kitaru_status", new { })).ShouldBeFine().Data["connection"]!.ToString().ShouldBe("local Kitaru server");
            (await mcp.RunToEndAsync("Greetings.cs:greet", new { name = "server" })).ShouldHaveEnded("completed").Result<string>().ShouldBe("Hello, server!");
        }
        finally
        {
            (await mcp.CallAsync("kitaru_stop_local_server", new { })).ShouldBeFine();
        }
    }

    [Theory]
    [InlineData("dnx")]
    [InlineData("dotnet tool exec")]
    public async Task KitaruMcp_WithoutInstalling_RunsAFlow(string how)
    {
        Home.Write("Greetings.cs", Greeting);
        var dnx = Path.Combine(ToolFeed.Dotnet, OperatingSystem.IsWindows() ? "dnx.cmd" : "dnx");
        string[] start = how == "dnx" ? [dnx] : ["dotnet", "tool", "exec"];
        await using var mcp = await StartAsync([.. start, "--yes", "--source", feed.Feed, $"Kitaru.Mcp@{feed.Version}"]);

        (await mcp.RunToEndAsync("Greetings.cs:greet", new { name = how })).ShouldHaveEnded("completed").Result<string>().ShouldBe($"Hello, {how}!");
    }

    [Fact]
    public async Task KitaruMcp_InsideKitaru_RunsAFlow()
    {
        Home.Write("Greetings.cs", Greeting);
        await using var mcp = await StartAsync(feed.Command("kitaru"), "mcp", "start");

        (await mcp.RunToEndAsync("Greetings.cs:greet", new { name = "you" })).ShouldHaveEnded("completed").Result<string>().ShouldBe("Hello, you!");
    }

    [Fact]
    public async Task Kitaru_Installed_SaysItsStatus_AndRunsAFlow()
    {
        Home.Write("Greetings.cs", Greeting);

        (await KitaruAsync("status", "--output", "json"))["item"]!["connection"]!.ToString().ShouldBe("local database");
        (await KitaruAsync("run", "Greetings.cs:greet", "--input", """{"name": "you"}""", "--output", "json")).ToJsonString().ShouldContain("Hello, you!");
        (await KitaruAsync("mcp", "install", "--scope", "project", "--output", "json"))["item"]!["path"]!.ToString().ShouldBe(Path.Combine(Home.Root, ".mcp.json"));
    }

    /// <summary>Every variable that server.json declares is there and empty: some clients pass on what nobody has filled in.</summary>
    private Task<McpServer> StartAsync(params string[] program)
    {
        var environment = feed.Environment.ToDictionary();
        foreach (var variable in Variables(JsonNode.Parse(File.ReadAllText(Path.Combine(Programs.Repository, "src", "Kitaru.Mcp", ".mcp", "server.json")))!))
            environment[variable] = "";
        environment["KITARU_CONFIG_PATH"] = Home.Config;
        return McpServer.StartAsync(Home, environment, program: program);
    }

    private static IEnumerable<string> Variables(JsonNode server) =>
        server["packages"]![0]!["environmentVariables"]!.AsArray().Select(variable => variable!["name"]!.ToString());

    /// <summary>The last line that the command line has written.</summary>
    private async Task<JsonNode> KitaruAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(feed.Command("kitaru"), arguments) { WorkingDirectory = Home.Root, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in feed.Environment)
            start.Environment[name] = value;
        start.Environment["KITARU_CONFIG_PATH"] = Home.Config;
        start.Environment["KITARU_WORKER_IDLE_SECONDS"] = "2";
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"kitaru {string.Join(' ', arguments)}\n{output}\n{await errors}");
        return JsonNode.Parse(output.TrimEnd().Split('\n')[^1])!;
    }
}
