using System.Globalization;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Deployments;

/// <summary>Four processes deploy one flow and move its tags at once; a fifth sees each exclusive tag on one version at every moment it looks.</summary>
public sealed class DeployTogetherTests : EndToEndTest
{
    private const int Versions = 50;

    [Fact]
    public async Task FourProcesses_NumberWithoutGaps_AndNeverSplitATag()
    {
        // The store is made by one of them, as on any first day.
        var looking = RunAsync("look", Versions);
        int[] shares = [13, 13, 12, 12];

        var endings = await Task.WhenAll(shares.Select(share => RunAsync("deploy", share)));

        endings.ShouldAllBe(ending => ending.Code == 0, string.Join('\n', endings.Select(ending => ending.Output)));
        var look = await looking;
        look.Code.ShouldBe(0, look.Output);
        endings.SelectMany(ending => ending.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Order().ShouldBe(Enumerable.Range(1, Versions));
        await using var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Home.Config });
        var all = await kitaru.Deployments.ListAsync("crowded");
        all.Select(deployment => deployment.Version).ShouldBe(Enumerable.Range(1, Versions));
        all.Count(deployment => deployment.Tags.ContainsKey("default")).ShouldBe(1);
        all.Count(deployment => deployment.Tags.ContainsKey("canary")).ShouldBe(1);
    }

    private Task<DotnetCommand.Ending> RunAsync(string what, int count) =>
        new DotnetCommand(Home.Root, new Dictionary<string, string> { ["KITARU_CONFIG_PATH"] = Home.Config })
            .RunAsync(Programs.Program, what, count.ToString(CultureInfo.InvariantCulture));
}
