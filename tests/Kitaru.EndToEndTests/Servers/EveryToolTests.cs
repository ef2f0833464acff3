using System.Security.Cryptography;
using Kitaru.EndToEndTests.World;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>The same transcript on the embedded store, against the local server, and against one of two servers on one PostgreSQL with a worker of the other.</summary>
public sealed class EveryToolTests : EndToEndTest
{
    private static readonly string Folder = Path.GetDirectoryName(Programs.Server)!;

    private string Target => Home.AddFlow("Tour.cs") + ":tour";

    [Fact]
    public async Task Embedded()
    {
        var server = await StartServerAsync(Variables());
        ((string)(await server.CallAsync("kitaru_status", new { })).Data["connection"]!).ShouldBe("local database");
        await new EveryTool(server.CallAsync, server.ListToolsAsync, Target).RunAsync();
    }

    [Fact]
    public async Task LocalServer()
    {
        var server = await StartServerAsync(Variables());
        (await server.CallAsync("kitaru_start_local_server", new { port = Ports.Free() })).ShouldBeFine();
        ((string)(await server.CallAsync("kitaru_status", new { })).Data["connection"]!).ShouldBe("local Kitaru server");
        await new EveryTool(server.CallAsync, server.ListToolsAsync, Target).RunAsync();
    }

    /// <summary>At /mcp of the local server, in either era; targets by absolute paths, because the server's working directory is not the client's.</summary>
    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task LocalServer_OverHttp(string version)
    {
        var server = await StartServerAsync(Variables());
        var url = (string)(await server.CallAsync("kitaru_start_local_server", new { port = Ports.Free() })).ShouldBeFine().Data["url"]!;
        var token = await File.ReadAllTextAsync(Path.Combine(Home.Config, "local_server", "token"));
        await using (var http = await McpOverHttp.ConnectAsync(url, token.Trim(), version))
        {
            ((string)(await http.CallAsync("kitaru_status", new { })).Data["connection"]!).ShouldBe("local Kitaru server");
            await new EveryTool(http.CallAsync, http.ListToolsAsync, Target).RunAsync();
        }
        (await server.CallAsync("kitaru_stop_local_server", new { })).ShouldBeFine();
    }

    [NeedsPostgresFact]
    public async Task Replicas()
    {
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        string[] urls = [$"http://127.0.0.1:{Ports.Free()}", $"http://127.0.0.1:{Ports.Free()}"];
        var database = PostgresCluster.Shared!.ConnectionString;
        using var first = Daemon.Start(Path.Combine(Folder, "server", "kitaru-server.dll"), Path.Combine(Home.Root, "server0"), ["--urls", urls[0], "--database", database], ("KITARU_SERVER_ADMIN_SECRET", secret));
        using var second = Daemon.Start(Path.Combine(Folder, "server", "kitaru-server.dll"), Path.Combine(Home.Root, "server1"), ["--urls", urls[1], "--database", database], ("KITARU_SERVER_ADMIN_SECRET", secret));
        using var worker = Daemon.Start(
            Path.Combine(Folder, "worker", "Kitaru.Worker.dll"), Path.Combine(Home.Root, "worker"), ["--idle-seconds", "2"],
            ("KITARU_SERVER_URL", urls[1]), ("KITARU_AUTH_TOKEN", secret), ("KITARU_PROJECT", "default"));
        foreach (var url in urls)
            await Daemon.ReadyAsync(url);
        var server = await StartServerAsync(Variables(("KITARU_SERVER_URL", urls[0]), ("KITARU_AUTH_TOKEN", secret), ("KITARU_PROJECT", "default")));
        ((string)(await server.CallAsync("kitaru_status", new { })).Data["connection"]!).ShouldBe("remote Kitaru server");
        await new EveryTool(server.CallAsync, server.ListToolsAsync, Target).RunAsync();
    }

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] more)
    {
        var variables = more.ToDictionary(pair => pair.Name, pair => pair.Value);
        variables["KITARU_SERVER_PATH"] = Path.Combine(Folder, "server");
        return variables;
    }
}
