using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>kitaru_executions_retry on real flows.</summary>
public sealed class RetryTests : EndToEndTest
{
    [Fact]
    public async Task AfterPassingTrouble_OnlyTheFailedCallRunsAgain()
    {
        var server = await StartServerAsync();
        var gate = Path.Combine(Home.Root, "gate");
        var id = await FailedAsync(server, gate);
        await File.WriteAllTextAsync(gate, "");

        (await RetryAsync(server, id)).ShouldBeFine();

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        execution.Result<string>().ShouldBe("prepared and fetched");
        ((int)execution.Data["reopened"]!).ShouldBe(1);
        execution.Checkpoints[1]!["attempts"]!.AsArray().Select(attempt => (string)attempt!["status"]!).ShouldBe(["failed", "completed"]);
        Home.Ledger.Lines.ShouldBe(["prepare", "fetch", "fetch"]);
        (await RetryAsync(server, id)).ShouldBeError("KitaruStateError", "completed", "only a failed one");
    }

    [Fact]
    public async Task FixedSource_TakesEffectWithCodeCurrentOnly()
    {
        var server = await StartServerAsync();
        var id = await FailedAsync(server, Path.Combine(Home.Root, "never"));
        var file = Path.Combine(Home.Root, "flows", "Letters.cs");
        var code = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, code.Replace("throw new InvalidOperationException(\"the service is away\")", "", StringComparison.Ordinal));
        (await RetryAsync(server, id, "current")).ShouldBeError("KitaruBuildError", "Letters.cs");
        (await server.GetAsync(id)).Status.ShouldBe("failed");

        await File.WriteAllTextAsync(file, code.Replace("throw new InvalidOperationException(\"the service is away\")", "first + \" without it\"", StringComparison.Ordinal));
        (await RetryAsync(server, id)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("failed");

        (await RetryAsync(server, id, "current")).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("prepared without it");
        Home.Ledger.Lines.Count(line => line == "prepare").ShouldBe(1);
    }

    [Fact]
    public async Task ChangedArguments_DivergeAndKeepWhatWasRecorded()
    {
        var server = await StartServerAsync();
        var gate = Path.Combine(Home.Root, "gate");
        var id = await FailedAsync(server, gate);
        var file = Path.Combine(Home.Root, "flows", "Letters.cs");
        var code = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, code.Replace("await Prepare(ledger)", "await Prepare(ledger + \".other\")", StringComparison.Ordinal));
        (await RetryAsync(server, id, "current")).ShouldBeFine();
        var diverged = (await server.RestAsync(id)).ShouldHaveEnded("failed");
        diverged.Origin.ShouldBe("divergence");
        diverged.FailureMessage.ShouldContain("ledger.txt.other");

        await File.WriteAllTextAsync(file, code);
        await File.WriteAllTextAsync(gate, "");
        (await RetryAsync(server, id, "current")).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("prepared and fetched");
        Home.Ledger.Lines.Count(line => line == "prepare").ShouldBe(1);
    }

    private async Task<string> FailedAsync(McpServer server, string gate)
    {
        var execution = (await server.RunToEndAsync($"{Home.AddFlow("Letters.cs")}:fetching", new { ledger = Home.LedgerPath, gate })).ShouldHaveEnded("failed");
        execution.FailureMessage.ShouldContain("the service is away");
        return (string)execution.Data["exec_id"]!;
    }

    private static Task<Answer> RetryAsync(McpServer server, string id, string? code = null) =>
        server.CallAsync("kitaru_executions_retry", new { exec_id = id, code });
}
