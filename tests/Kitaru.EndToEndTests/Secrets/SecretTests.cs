using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Secrets;

/// <summary>After a run that uses secrets, their values are found nowhere but in the request that created them.</summary>
public sealed class SecretTests : EndToEndTest
{
    private const string Token = "tök\"en/hunter2+42";
    private const string Code = "Zm9v&hunter3=very secret";

    private static readonly Dictionary<string, string> StayWarm = new() { ["KITARU_WORKER_IDLE_SECONDS"] = "60" };

    [Fact]
    public async Task Values_OfARunThatTellsThemEverywhere_AreFoundNowhere()
    {
        await using var world = new SecretWorld(Home);
        var server = await StartServerAsync(StayWarm);
        await CreateAsync(server);

        var id = await world.StartAsync("tells", [], "env-creds");
        var asked = await server.RestAsync(id);
        ((string)asked.Data["pending_wait"]!["question"]!).ShouldBe($"Is *** right, or ***|***|{Token.Length}?");
        world.ShouldHoldNoneOf(Token, Code);
        (await server.InputAsync(id, "ask", "yes")).ShouldBeFine();
        var done = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        done.Result<JsonObject>().Select(pair => pair.Value!.ToString()).ShouldBe(["***", $"***|***|{Token.Length}", "yes", "***", "***"]);
        var failed = (await server.RestAsync(await world.StartAsync("throws", [], "env-creds"))).ShouldHaveEnded("failed");
        failed.FailureMessage.ShouldContain("cannot use ***");

        var step = await server.LogsAsync(id);
        step.ShouldContain("body ***");
        step.ShouldContain("body logs ***");
        step.ShouldContain("step ***");
        step.ShouldContain("step error ******");
        step.ShouldContain("The result of checkpoint 'use' has a value of secret 'env-creds', 'vault' in it.");
        var runner = await UntilLoggedAsync(server, id, "ENV_TOKEN=***");
        runner.ShouldContain("raw ***");
        runner.ShouldContain("child ***");
        runner.ShouldContain("child error ***");
        foreach (var artifact in (await server.CallAsync("kitaru_artifacts_list", new { exec_id = id })).ShouldBeFine().Data["result"]!.AsArray())
            (await server.CallAsync("kitaru_artifacts_get", new { artifact_id = (string)artifact!["artifact_id"]!, max_bytes = 200_000 })).ShouldBeFine();
        await server.CallAsync("kitaru_executions_explain", new { exec_id = (string)failed.Data["exec_id"]! });
        (await server.CallAsync("kitaru_secrets_list", new { })).ShouldBeFine().Text.ShouldContain("env-creds");

        Home.Workers().ShouldNotBeEmpty("its output lies there still");
        world.ShouldHoldNoneOf(Token, Code);
        SecretWorld.ShouldShowNoneOf(server.Wire.All + server.Errors, Token, Code);
        Home.KillWorkers();
        await StopAsync(server);
        world.ShouldHoldNoneOf(Token, Code);
    }

    [Fact]
    public async Task Values_ThatAWarmWorkerReadsLate_AreMaskedFromThenOn_AndItHidesTheKeys()
    {
        await using var world = new SecretWorld(Home);
        var keys = new JsonObject { ["keys"] = new JsonObject { ["1"] = Convert.ToBase64String(new byte[32]) } }.ToJsonString();
        var server = await StartServerAsync(new Dictionary<string, string>(StayWarm) { ["KITARU_SECRETS_KEYS"] = keys });
        await CreateAsync(server);

        var id = await world.StartAsync("late", []);
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("no keys");

        var runner = await UntilLoggedAsync(server, id, "late child ***");
        runner.ShouldContain("late raw ***");
        runner.ShouldContain("late thread ***");
        Home.Workers().ShouldNotBeEmpty();
        world.ShouldHoldNoneOf(Token, Code);
        File.Exists(Home.Directories.SecretKeys).ShouldBeFalse();
        Home.KillWorkers();
    }

    [Fact]
    public async Task Crash_WithAValueInItsLastWords_LeavesThemMasked()
    {
        await using var world = new SecretWorld(Home);
        var server = await StartServerAsync();
        await CreateAsync(server);

        var id = await world.StartAsync("crashes", new JsonObject { ["ledger"] = Home.LedgerPath }, "env-creds");
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("survived");

        (await server.LogsAsync(id, source: "runner")).ShouldContain("last words ***");
        world.ShouldHoldNoneOf(Token, Code);
        SecretWorld.ShouldShowNoneOf(server.Wire.All + server.Errors, Token, Code);
    }

    [Fact]
    public async Task Secret_ThatIsMissing_FailsTheExecution_UntilItIsThere()
    {
        await using var world = new SecretWorld(Home);
        var server = await StartServerAsync();

        var id = await world.StartAsync("length", [], "env-creds");
        var failed = (await server.RestAsync(id)).ShouldHaveEnded("failed");
        failed.FailureMessage.ShouldContain("'env-creds'");
        failed.FailureMessage.ShouldContain("kitaru_secrets_create");
        await CreateAsync(server);
        (await server.CallAsync("kitaru_executions_retry", new { exec_id = id })).ShouldBeFine();

        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<int>().ShouldBe(Token.Length);
    }

    [Fact]
    public async Task Secret_ThatChanged_IsSeenByTheNextExecution_ThoughAWorkerIsWarm()
    {
        await using var world = new SecretWorld(Home);
        var server = await StartServerAsync(StayWarm);
        await CreateAsync(server);
        var secrets = (await world.OpenAsync()).Secrets;
        (await server.RestAsync(await world.StartAsync("length", [], "env-creds"))).ShouldHaveEnded("completed").Result<int>().ShouldBe(Token.Length);
        var warm = Home.Workers();

        (await server.RestAsync(await world.StartAsync("length", [], "env-creds"))).ShouldHaveEnded("completed");
        Home.Workers().ShouldBe(warm);
        await secrets.SetAsync("env-creds", new Dictionary<string, string> { ["ENV_TOKEN"] = "12345" });
        (await server.RestAsync(await world.StartAsync("length", [], "env-creds"))).ShouldHaveEnded("completed").Result<int>().ShouldBe(5);
        Home.Workers().ShouldNotBe(warm);
        await secrets.SetAsync("other", new Dictionary<string, string> { ["ENV_TOKEN"] = "1234567" });
        (await server.RestAsync(await world.StartAsync("length", [], "env-creds", "other"))).ShouldHaveEnded("completed").Result<int>().ShouldBe(7, "later secrets win");
        await secrets.DeleteAsync("env-creds");
        (await server.RestAsync(await world.StartAsync("length", [], "env-creds"))).ShouldHaveEnded("failed").FailureMessage.ShouldContain("'env-creds'");
        Home.KillWorkers();
    }

    private static async Task CreateAsync(McpServer server)
    {
        (await server.CallAsync("kitaru_secrets_create", new { name = "env-creds", values = new { ENV_TOKEN = Token } })).ShouldBeFine();
        (await server.CallAsync("kitaru_secrets_create", new { name = "vault", values = new { VAULT_CODE = Code } })).ShouldBeFine();
    }

    private static async Task<string> UntilLoggedAsync(McpServer server, string id, string line)
    {
        var log = "";
        for (var tries = 0; tries < 100 && !log.Contains(line, StringComparison.Ordinal); tries++)
        {
            log = await server.LogsAsync(id, source: "runner", limit: 1000);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        return log;
    }
}
