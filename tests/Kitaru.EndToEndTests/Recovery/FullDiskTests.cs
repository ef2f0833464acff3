using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>
/// The store cannot be written for a while, played by a limit on the size of files, which needs no rights. The long form, on a disk that is
/// really full, is eng/soak disk.
/// </summary>
public sealed class FullDiskTests : EndToEndTest
{
    private const int Steps = 25;
    private const int Outages = 3;

    private static readonly Dictionary<string, string> Environment = new()
    {
        ["KITARU_LEASE_SECONDS"] = "1",
        // Else a process that starts under the limit cannot make room for its code.
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    /// <summary>A .NET process ends on SIGXFSZ unless it was started with it ignored; its children inherit that.</summary>
    private static readonly string[] WithoutSignal = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

    [Fact]
    public async Task DiskFull_ForAWhile_NothingRecordedIsLost_AndEverythingGoesOn()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var server = await StartServerAsync(Environment, WithoutSignal);
        var target = $"{Home.AddFlow("Marked.cs")}:mark_steps";
        var id = await server.RunAsync(target, new { ledger = Home.LedgerPath, steps = Steps });
        var random = new Random(5);
        var shown = 0;
        for (var outage = 0; outage < Outages; outage++)
        {
            await Home.Ledger.HasLinesAsync(Math.Min(Home.Ledger.Lines.Count + random.Next(1, 8), 2 * Steps));
            Limit(server, "4096");

            (await server.TryRunAsync(target, new { ledger = Home.LedgerPath + "x", steps = 1 })).ShouldBeError("KitaruBackendError", "kitaru.db failed");
            // For less than a lease, and for more.
            for (var look = 0; look < (outage == 1 ? 30 : 5); look++)
            {
                var recorded = (await server.GetAsync(id)).ShouldBeFine().Checkpoints.Count(call => (string)call!["status"]! == "completed");
                recorded.ShouldBeGreaterThanOrEqualTo(shown);
                shown = recorded;
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
            Limit(server, "unlimited");
        }

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        execution.Checkpoints.Count.ShouldBe(Steps);
        execution.Result<string>().Split(' ').Length.ShouldBe(Steps);
        // A step is done again only when its record was refused, once per outage at most.
        StepAccount.Check(Home.Ledger, Steps, kills: Outages);
        (await server.RestAsync(await server.RunAsync(target, new { ledger = Home.LedgerPath + "y", steps = 2 }))).ShouldHaveEnded("completed");
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).ShouldBeFine().Data["total"]!).ShouldBe(2);
    }

    private void Limit(McpServer server, string bytes)
    {
        foreach (var process in Home.Workers().Append(server.ProcessId))
            SystemCommand.LimitFiles(process, bytes);
    }
}
