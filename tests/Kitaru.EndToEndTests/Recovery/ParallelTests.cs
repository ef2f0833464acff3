using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>Branches and races that are killed in the middle.</summary>
public sealed class ParallelTests : EndToEndTest
{
    private const int Branches = 12;

    [Fact]
    public async Task TwelveBranches_KilledAndResumed_SameResultsAndNoStepTwice()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Parallel.cs")}:fan_out", new { ledger = Home.LedgerPath, branches = Branches });
        var killer = new Killer(Home, seed: 5);
        var kills = await killer.KillAsync(2);
        kills.ShouldBePositive("the flow was killed in the middle");

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");

        var results = execution.Result<string[]>();
        for (var branch = 0; branch < Branches; branch++)
        {
            // What the second step of a branch was given is what the first one recorded, on every pass.
            var seen = Home.Ledger.Lines.Where(line => line.StartsWith($"saw first {branch} ", StringComparison.Ordinal)).Distinct().ToList();
            seen.ShouldHaveSingleItem();
            results[branch].ShouldBe($"{branch}:{seen[0].Split(' ')[3]}");
            foreach (var step in (string[])["first", "second"])
                Home.Ledger.Count($"{step} {branch} began").ShouldBeInRange(1, 1 + kills);
            NotAgainAfter($"first {branch} began", $"second {branch} began");
        }
        execution.Checkpoints.Count.ShouldBe(2 * Branches);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Race_KilledAndResumed_EveryPassSeesTheSameWinnerAndValues(int seed)
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Parallel.cs")}:race", new { ledger = Home.LedgerPath });
        await Until.TrueAsync(() => Home.Ledger.Lines.Any(line => line.StartsWith("saw winner", StringComparison.Ordinal)), "the race is decided");
        await new Killer(Home, seed).KillAsync(2);

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");

        var winners = Home.Ledger.Lines.Where(line => line.StartsWith("saw winner", StringComparison.Ordinal)).ToList();
        winners.Count.ShouldBeGreaterThanOrEqualTo(3, "the body ran again after each kill");
        winners.Distinct().ShouldHaveSingleItem();
        var all = Home.Ledger.Lines.Where(line => line.StartsWith("saw all", StringComparison.Ordinal)).Distinct().ShouldHaveSingleItem();
        all.ShouldBe($"saw all {execution.Result<string>()}");
        all.Split(' ')[2 + int.Parse(winners[0].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)].ShouldBe(winners[0].Split(' ')[3]);
    }

    private void NotAgainAfter(string step, string next)
    {
        var lines = Home.Ledger.Lines.ToList();
        lines.LastIndexOf(step).ShouldBeLessThan(lines.IndexOf(next), $"'{step}' came again after '{next}'");
    }
}
