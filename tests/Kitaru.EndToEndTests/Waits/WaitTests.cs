using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Waits;

/// <summary>Questions answered early, late, wrongly and twice, with and without processes in between.</summary>
public sealed class WaitTests : EndToEndTest
{
    private static readonly object Budget = new { Amount = 3, Currency = "EUR" };

    [Fact]
    public async Task AnsweredWhileWorkerStays_ContinuesInPlace()
    {
        var server = await StartServerAsync();
        var id = await StartAsync(server, staySeconds: 600);
        var waiting = (await server.RestAsync(id)).ShouldHaveEnded("waiting");
        ((string)waiting.Data["pending_wait"]!["name"]!).ShouldBe("approve");
        ((string)waiting.Data["pending_wait"]!["question"]!).ShouldBe("Go on?");

        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        await WaitForAsync(server, id, "budget");
        (await server.InputAsync(id, "budget", Budget)).ShouldBeFine();

        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("True 3 EUR");
        Home.Ledger.Lines.ShouldBe(["prepare", "between"]);
    }

    [Fact]
    public async Task LeftForLongerThanItsTimeout_HoldsNoProcessAndContinuesUnderTheNextServer()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_WORKER_IDLE_SECONDS"] = "0.5" });
        var id = await StartAsync(server, staySeconds: 1);
        (await server.RestAsync(id)).ShouldHaveEnded("waiting");
        await Home.NoWorkersAsync();
        (await server.GetAsync(id)).ShouldHaveEnded("waiting");
        await StopAsync(server);
        OwnProcesses.Of(Home.Root).ShouldBeEmpty();

        server = await StartServerAsync();
        (await server.GetAsync(id)).ShouldHaveEnded("waiting");
        (await server.InputAsync(id, "approve", false)).ShouldBeFine();
        await WaitForAsync(server, id, "budget");
        await StopAsync(server);
        await Home.NoWorkersAsync();

        server = await StartServerAsync();
        (await server.InputAsync(id, "budget", Budget)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("False 3 EUR");
        Home.Ledger.Lines.ShouldBe(["prepare", "between"]);
    }

    [Fact]
    public async Task WrongTypes_AreRefusedWithTheSchema_AndTheWaitStays()
    {
        var server = await StartServerAsync();
        var id = await StartAsync(server, staySeconds: 600);
        (await server.RestAsync(id)).ShouldHaveEnded("waiting");

        (await server.InputAsync(id, "approve", "yes")).ShouldBeError("KitaruWaitValidationError", "\"boolean\"", "approve", "stays pending");
        (await server.InputAsync(id, "approv", true)).ShouldBeError("KitaruStateError", "Did you mean 'approve'?");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        await WaitForAsync(server, id, "budget");
        (await server.InputAsync(id, "budget", new { Amount = "three", Currency = "EUR" }))
            .ShouldBeError("KitaruWaitValidationError", "Amount", "\"integer\"");
        (await server.InputAsync(id, "budget", new { Amount = 3 })).ShouldBeError("KitaruWaitValidationError", "Currency");
        (await server.GetAsync(id)).ShouldHaveEnded("waiting");

        (await server.InputAsync(id, "budget", Budget)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
    }

    [Fact]
    public async Task AnsweredTwice_SameValueIsFineAnotherIsNot()
    {
        var server = await StartServerAsync();
        var id = await StartAsync(server, staySeconds: 600);
        (await server.RestAsync(id)).ShouldHaveEnded("waiting");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();

        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        (await server.InputAsync(id, "approve", false)).ShouldBeError("KitaruStateError", "was answered by");

        await WaitForAsync(server, id, "budget");
        (await server.InputAsync(id, "budget", Budget)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldStartWith("True");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        (await server.InputAsync(id, "never", true)).ShouldBeError("KitaruStateError", "completed");
    }

    [Fact]
    public async Task WorkerKilledWhileItStaysWithAWait_AnswerIsFound()
    {
        var server = await StartServerAsync();
        var id = await StartAsync(server, staySeconds: 600);
        (await server.RestAsync(id)).ShouldHaveEnded("waiting");

        // The answer comes while nobody is there to see it.
        Home.KillWorkers().ShouldBe(1);
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();

        await WaitForAsync(server, id, "budget");
        (await server.InputAsync(id, "budget", Budget)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        Home.Ledger.Lines.ShouldBe(["prepare", "between"]);
    }

    [Fact]
    public async Task Sleep_HoldsNoProcess_AndWakesUnderTheNextServer()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_WORKER_IDLE_SECONDS"] = "0.2" });
        var id = await server.RunAsync($"{Home.AddFlow("Questions.cs")}:nap", new { ledger = Home.LedgerPath, seconds = 8 });
        await Home.Ledger.HasAsync("prepare");
        await Home.NoWorkersAsync();
        var asleep = await server.GetAsync(id);
        asleep.ShouldHaveEnded("running");
        ((string)asleep.Data["status_reason"]!).ShouldStartWith("sleeping until ");
        await StopAsync(server);

        server = await StartServerAsync();

        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("awake");
        Home.Ledger.Lines.ShouldBe(["prepare", "between"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_WhileWaitingOrSleeping_EndsAtOnce(bool sleeping)
    {
        var server = await StartServerAsync();
        var target = Home.AddFlow("Questions.cs");
        var id = sleeping
            ? await server.RunAsync($"{target}:nap", new { ledger = Home.LedgerPath, seconds = 600 })
            : await server.RunAsync($"{target}:ask_twice", new { ledger = Home.LedgerPath, staySeconds = 600 });
        await Home.Ledger.HasAsync("prepare");
        if (!sleeping)
            (await server.RestAsync(id)).ShouldHaveEnded("waiting");

        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");

        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
        (await server.InputAsync(id, "approve", true)).ShouldBeError("KitaruStateError", "cancelled");
        Home.Ledger.Lines.ShouldBe(["prepare"]);
    }

    private Task<string> StartAsync(McpServer server, double staySeconds) =>
        server.RunAsync($"{Home.AddFlow("Questions.cs")}:ask_twice", new { ledger = Home.LedgerPath, staySeconds });

    /// <summary>Until it asks this question; it may still show the one before for a moment.</summary>
    private static Task<bool> WaitForAsync(McpServer server, string id, string wait) => Until.ValueAsync(
        async () => (string?)(await server.GetAsync(id)).ShouldBeFine().Data["pending_wait"]?["name"] == wait ? true : (bool?)null, $"it asks '{wait}'");
}
