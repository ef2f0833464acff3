using System.Globalization;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Recovery;

/// <summary>A worker that stands still for three leases (SIGSTOP), is taken over, and goes on: it may record nothing. The long form is eng/soak pauses.</summary>
public sealed class PauseTests : EndToEndTest
{
    private const int Steps = 8;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WritableWithin = TimeSpan.FromSeconds(3);

    private static readonly Dictionary<string, string> Environment = new() { ["KITARU_LEASE_SECONDS"] = "1" };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task WorkerStopped_ForThreeLeases_IsTakenOver_AndRecordsNothingAfterwards(int step)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var server = await StartServerAsync(Environment);
        // A process may be stopped while it holds the database's own lock: nobody can take over from it then, so it is tried again.
        while (!await TryAsync(server, step))
            File.Delete(Home.LedgerPath);
    }

    private async Task<bool> TryAsync(McpServer server, int step)
    {
        var id = await server.RunAsync($"{Home.AddFlow("Marked.cs")}:mark_steps", new { ledger = Home.LedgerPath, steps = Steps });
        await Until.TrueAsync(() => Lines().Any(line => line is [_, var number, "began", _] && number == $"{step}"), "the step begins");
        var zombie = int.Parse(Lines()[^1][3], CultureInfo.InvariantCulture);
        await SystemCommand.StopAsync(zombie);
        var stoppedAt = TimeProvider.System.GetTimestamp();
        var last = Lines()[^1];
        var write = server.CallAsync("kitaru_executions_tag", new { exec_id = id, add = new[] { "written" } });
        if (last[2] != "began" || await Task.WhenAny(write, Task.Delay(WritableWithin, TimeProvider.System)) != write)
        {
            SystemCommand.Signal("CONT", zombie);
            await write;
            await server.RestAsync(id);
            return false;
        }
        var stopped = int.Parse(last[1], CultureInfo.InvariantCulture);
        try
        {
            await Until.TrueAsync(() => Lines().Any(line => line[1] == last[1] && line[2] == "done" && line[3] != last[3]), "another worker does the step");
            await Until.TrueAsync(() => TimeProvider.System.GetElapsedTime(stoppedAt) > Lease * 3, "three leases pass");
        }
        finally
        {
            SystemCommand.Signal("CONT", zombie);
        }
        await Until.TrueAsync(() => Home.Ledger.Count($"step {stopped} done {zombie}") == 1, "the stopped worker finishes its step");

        var execution = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        var processes = execution.Result<string>().Split(' ');
        processes.Length.ShouldBe(Steps);
        processes[..stopped].ShouldAllBe(process => process == last[3]);
        processes[stopped..].ShouldAllBe(process => process != last[3]);
        Lines().Count(line => line[3] == last[3] && line[2] == "began").ShouldBe(stopped + 1);
        execution.Checkpoints.Count.ShouldBe(Steps);
        ((int)execution.Data["takeovers"]!).ShouldBe(1);
        StepAccount.Check(Home.Ledger, Steps, kills: 1);
        return true;
    }

    private List<string[]> Lines() => [.. Home.Ledger.Lines.Select(line => line.Split(' '))];
}
