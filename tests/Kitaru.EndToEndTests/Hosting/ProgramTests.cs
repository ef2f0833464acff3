using System.Diagnostics;
using Kitaru.EndToEndTests.Recovery;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Hosting;

/// <summary>A program that runs flows in its own process, killed and started again.</summary>
public sealed class ProgramTests : EndToEndTest
{
    private const int Steps = 12;
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Killed_AndStartedAgain_ContinuesWhereItWas()
    {
        string id;
        using (var first = Start("run", Home.LedgerPath, $"{Steps}"))
        {
            id = (await first.StandardOutput.ReadLineAsync())!;
            await Home.Ledger.HasLinesAsync(7);
            first.Kill();
            await first.WaitForExitAsync();
        }

        using var second = Start("recover", id);
        var result = "";
        var errors = "";
        try
        {
            result = await second.StandardOutput.ReadToEndAsync().WaitAsync(RecoveryMax);
            errors = await second.StandardError.ReadToEndAsync().WaitAsync(RecoveryMax);
            await second.WaitForExitAsync().WaitAsync(RecoveryMax);
        }
        finally
        {
            second.Kill();
        }

        second.ExitCode.ShouldBe(0, errors);
        result.Trim().ShouldBe(string.Join(' ', Enumerable.Range(0, Steps).Select(i => i * 10)));
        StepAccount.Check(Home.Ledger, Steps, kills: 1);
    }

    [Fact]
    public async Task RetryAndReplay_RunInTheProgramItself()
    {
        using var program = Start("again", Home.LedgerPath, Path.Combine(Home.Root, "gate"));
        var output = await program.StandardOutput.ReadToEndAsync().WaitAsync(RecoveryMax);
        var errors = await program.StandardError.ReadToEndAsync().WaitAsync(RecoveryMax);
        await program.WaitForExitAsync().WaitAsync(RecoveryMax);

        program.ExitCode.ShouldBe(0, errors);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        lines[^3..^1].ShouldBe(["here: parcel", "there: letter"]);
        lines[^1].ShouldContain("nobody opens");
        Home.Ledger.Lines.ShouldBe(["pack", "hand over", "hand over", "hand over"]);
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Programs.Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_CONFIG_PATH"] = Home.Config;
        return Process.Start(start)!;
    }
}
