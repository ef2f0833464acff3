using System.Text.Json.Nodes;
using Kitaru.PostgresForTests;

namespace Kitaru.CliTests.Connection;

/// <summary><c>kitaru status</c> and the tool kitaru_status see the same, whatever happened last.</summary>
public class SameContextTests
{
    // Sizes change from one call to the next; all else says what is worked on.
    private static readonly string[] NotContext = ["database_bytes"];

    [Fact]
    public async Task Status_AfterLoginVariablesStartAndStop_IsThatOfTheTool()
    {
        await using var server = await CliServer.StartAsync();
        await using var world = new CliWorld();
        await CompareAsync(world, "local database");

        (await world.RunAsync("login", server.Url, "--api-key", CliServer.AdminSecret, "--project", "default")).ShouldSucceed();
        await CompareAsync(world, "remote Kitaru server");

        (await world.RunAsync("logout")).ShouldSucceed();
        server.ConnectTo(world);
        await CompareAsync(world, "remote Kitaru server");

        foreach (var name in (string[])["KITARU_SERVER_URL", "KITARU_AUTH_TOKEN", "KITARU_PROJECT"])
            world.Variables.Remove(name);
        try
        {
            (await world.RunAsync("server", "start", "--port", $"{Ports.Free()}")).ShouldSucceed();
            await CompareAsync(world, "local Kitaru server");
        }
        finally
        {
            (await world.RunAsync("server", "stop")).ShouldSucceed();
        }
        await CompareAsync(world, "local database");
    }

    private static async Task CompareAsync(CliWorld world, string connection)
    {
        var here = (await world.RunAsync("status", "--output", "json")).ShouldSucceed().Item;
        var there = await McpCalls.CallAsync(world, "kitaru_status");
        here["connection"]!.ToString().ShouldBe(connection);
        Context(there).ShouldBe(Context(here));
    }

    private static string Context(JsonObject status) =>
        string.Join('\n', status.Where(pair => !NotContext.Contains(pair.Key)).Select(pair => $"{pair.Key}: {pair.Value?.ToJsonString() ?? "null"}"));
}
