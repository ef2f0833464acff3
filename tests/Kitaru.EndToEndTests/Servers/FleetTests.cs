using System.Diagnostics;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>A short form of the soak that kills servers, workers and the database under load (eng/soak).</summary>
public sealed class FleetTests
{
    [NeedsPostgresFact]
    public async Task Servers_KilledUnderLoad_LoseAndRepeatNothingThatWasAcknowledged()
    {
        var start = new ProcessStartInfo("dotnet", [Programs.Soak, "servers", "--executions", "40", "--seconds", "12", "--steps", "4"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_LEASE_SECONDS"] = "3";
        using var soak = Process.Start(start)!;
        var said = await Task.WhenAll(soak.StandardOutput.ReadToEndAsync(), soak.StandardError.ReadToEndAsync()).WaitAsync(TimeSpan.FromMinutes(5));
        await soak.WaitForExitAsync();
        soak.ExitCode.ShouldBe(0, string.Join('\n', said));
        said[0].ShouldContain("wrong                0");
    }
}
