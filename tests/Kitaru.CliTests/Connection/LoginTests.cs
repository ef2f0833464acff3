namespace Kitaru.CliTests.Connection;

public class LoginTests
{
    [Fact]
    public async Task Login_ThenLogout_ChangesWhatCommandsWorkOn()
    {
        await using var server = await CliServer.StartAsync();
        await using var world = new CliWorld();

        (await world.RunAsync("login", server.Url, "--api-key", CliServer.AdminSecret)).ShouldSucceed().Output.ShouldContain($"URL: {server.Url}");
        (await world.RunAsync("status", "-o", "json")).ShouldSucceed().Item["connection"]!.ToString().ShouldBe("remote Kitaru server");
        var left = (await world.RunAsync("logout", "-o", "json")).ShouldSucceed().Item;

        left["mode"]!.ToString().ShouldBe("remote_server");
        (await world.RunAsync("status", "-o", "json")).ShouldSucceed().Item["connection"]!.ToString().ShouldBe("local database");
    }

    [Fact]
    public async Task Login_OnATerminal_AsksForTheKeyAndNeverShowsIt()
    {
        await using var server = await CliServer.StartAsync();
        await using var world = new CliWorld();

        var result = (await world.RunOnTerminalAsync(CliServer.AdminSecret + "\n", 100, "login", server.Url)).ShouldSucceed();

        result.Error.ShouldContain($"API key for {server.Url}:");
        (result.Output + result.Error).ShouldNotContain(CliServer.AdminSecret);
    }

    [Theory]
    [InlineData("login https://kitaru.example", "nobody can be asked for one here.")]
    [InlineData("login kitaru.example:80 --api-key x", "expected an http or https address")]
    [InlineData("login workspace --api-key x", "names of managed workspaces are not known here")]
    [InlineData("login https://kitaru.example --port 1", "--port is for the local server only.")]
    [InlineData("login --project a --api-key b", "--api-key, --project needs a server to log in to.")]
    public async Task Login_ThatMakesNoSense_IsRefused(string line, string message)
    {
        await using var world = new CliWorld();
        (await world.RunAsync(line.Split(' '))).ShouldFail().Error.ShouldContain(message);
    }

    [Fact]
    public async Task Login_WhileVariablesNameAServer_IsRefused()
    {
        await using var world = new CliWorld();
        world.Variables["KITARU_SERVER_URL"] = "https://kitaru.example";
        (await world.RunAsync("login", "https://other.example", "--api-key", "x")).ShouldFail().Error.ShouldContain("Unset KITARU_SERVER_URL");
    }

    [Fact]
    public async Task Status_OfASettingThatMakesNoSense_AnswersWithAWarning()
    {
        await using var world = new CliWorld();
        world.Variables["KITARU_SERVER_URL"] = "https://kitaru.example";

        var status = (await world.RunAsync("status")).ShouldSucceed();

        status.Output.ShouldContain("Connection: unavailable");
        status.Output.ShouldContain("Warning: KITARU_SERVER_URL is set and KITARU_AUTH_TOKEN is not");
    }

    [Theory]
    [InlineData("info.json", "{\n")]
    [InlineData("deep/info.yaml", "sdk_version: \"")]
    public async Task Info_IntoAFile_HasItsFormat(string name, string start)
    {
        await using var world = new CliWorld();
        (await world.RunAsync("info", "--all", "--file", name)).ShouldSucceed();
        (await File.ReadAllTextAsync(Path.Combine(world.WorkingDirectory, name))).ShouldStartWith(start);
    }
}
