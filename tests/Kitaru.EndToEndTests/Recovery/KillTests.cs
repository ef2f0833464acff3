using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>kill -9 of workers and of kitaru-mcp, with an exact account of what ran how often.</summary>
public sealed class KillTests : EndToEndTest
{
    private const int Steps = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task WorkersKilled_AtRandomMoments_EveryStepCountsOnce(int seed)
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:count_steps", new { ledger = Home.LedgerPath, steps = Steps, seed });

        var kills = await new Killer(Home, seed).KillAsync(6);

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        execution.Result<int>().ShouldBe(Enumerable.Range(0, Steps).Sum(i => i * i));
        StepAccount.Check(Home.Ledger, Steps, kills);
        ((int)execution.Data["takeovers"]!).ShouldBe(kills);
        execution.Checkpoints.Count.ShouldBe(Steps);
    }

    [Fact]
    public async Task ServerKilled_AtRandomMoments_NextServerContinues()
    {
        const int steps = 150;
        var target = $"{Home.AddFlow("Steps.cs")}:count_steps";
        var server = await StartServerAsync();
        var id = await server.RunAsync(target, new { ledger = Home.LedgerPath, steps });
        var random = new Random(3);
        for (var round = 0; round < 3; round++)
        {
            var next = Home.Ledger.Lines.Count + random.Next(1, 8);
            await Until.TrueAsync(() => Home.Ledger.Lines.Count >= Math.Min(next, 2 * steps), "the flow gets further");
            server.Kill();
            server = await StartServerAsync();
        }

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");

        // Nobody killed a worker: it goes on alone, so nothing ran twice.
        StepAccount.Check(Home.Ledger, steps, kills: 0);
        ((int)execution.Data["checkpoint_count"]!).ShouldBe(steps);
    }

    [Fact]
    public async Task ServerAndWorkerKilled_Together_NextServerContinues()
    {
        var target = $"{Home.AddFlow("Steps.cs")}:count_steps";
        var server = await StartServerAsync();
        var id = await server.RunAsync(target, new { ledger = Home.LedgerPath, steps = Steps });
        var killer = new Killer(Home, seed: 4);
        var kills = 0;
        for (var round = 0; round < 3; round++)
        {
            // On a machine that is slow to start a server, the flow may be through before it was killed as often.
            if (!await killer.WaitForMomentAsync())
                break;
            server.Kill();
            kills += Home.KillWorkers();
            server = await StartServerAsync();
        }

        (await server.RestAsync(id)).ShouldHaveEnded("completed");

        kills.ShouldBeGreaterThan(0);
        StepAccount.Check(Home.Ledger, Steps, kills);
    }

    [Fact]
    public async Task WorkerKilled_InsideAnnouncedCall_AttemptIsRecordedAsInterrupted()
    {
        var gate = Path.Combine(Home.Root, "gate");
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate });
        await Until.ValueAsync(
            async () => (await server.GetAsync(id)).Checkpoints is [{ } call] && (string)call["status"]! == "running" ? true : (bool?)null, "the call is announced");

        Home.KillWorkers().ShouldBe(1);
        await Until.TrueAsync(() => Home.Ledger.Count("held began") == 2, "the call runs again");
        await File.WriteAllTextAsync(gate, "");

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        var attempts = execution.Checkpoints.ShouldHaveSingleItem()!["attempts"]!.AsArray();
        attempts.Count.ShouldBe(2);
        ((bool)attempts[0]!["interrupted"]!).ShouldBeTrue();
        ((string)attempts[0]!["failure"]!["message"]!).ShouldContain("died");
        ((bool)attempts[1]!["interrupted"]!).ShouldBeFalse();
        Home.Ledger.Count("held began").ShouldBe(2);
    }
}
