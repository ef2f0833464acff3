using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Trouble;

/// <summary>Cancel of what runs, does not listen, or has not begun.</summary>
public sealed class CancelTests : EndToEndTest
{
    [Fact]
    public async Task CheckpointThatIgnoresCancellation_CancelAnswersAtOnceAndTheWorkerGoesAway()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");
        var id = await server.RunAsync($"{file}:deaf", new { ledger = Home.LedgerPath });
        await Home.Ledger.HasAsync("deaf");

        var startedAt = TimeProvider.System.GetTimestamp();
        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
        TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(TimeSpan.FromSeconds(10));

        await Home.NoWorkersAsync();
        var execution = (await server.GetAsync(id)).ShouldHaveEnded("cancelled");
        execution.Checkpoints.ShouldAllBe(call => (string)call!["status"]! == "cancelled");
        (await server.RunToEndAsync($"{file}:reads")).ShouldHaveEnded("completed");
    }

    [Fact]
    public async Task RunningCheckpoint_SeesItsToken()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate = Path.Combine(Home.Root, "gate") });
        await Home.Ledger.HasAsync("held began");

        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");

        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
        await Home.NoWorkersAsync();
        Home.Ledger.Count("held began").ShouldBe(1);
    }

    [Fact]
    public async Task Ended_CannotBeCancelled()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");
        var failed = (await server.RunToEndAsync($"{file}:throws")).ShouldHaveEnded("failed");
        var completed = (await server.RunToEndAsync($"{file}:reads")).ShouldHaveEnded("completed");

        (await server.CancelAsync(failed.Data["exec_id"]!.ToString())).ShouldBeError("KitaruStateError", "failed");
        (await server.CancelAsync(completed.Data["exec_id"]!.ToString())).ShouldBeError("KitaruStateError", "completed");
    }

    [Fact]
    public async Task QueuedBehindABusyWorker_NeverRuns()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Steps.cs");
        var gate = Path.Combine(Home.Root, "gate");
        // One worker takes sixteen; what comes after stands in line.
        var running = new List<string>();
        for (var i = 0; i < 16; i++)
            running.Add(await server.RunAsync($"{file}:long_step", new { ledger = Home.LedgerPath, gate }));
        await Home.Ledger.HasLinesAsync(16);
        var last = await server.RunAsync($"{file}:count_steps", new { ledger = Path.Combine(Home.Root, "never.txt"), steps = 1 });
        var queued = (await server.GetAsync(last)).ShouldHaveEnded("running");
        ((string)queued.Data["status_reason"]!).ShouldStartWith("queued");

        (await server.CancelAsync(last)).ShouldHaveEnded("cancelled");

        await File.WriteAllTextAsync(gate, "");
        foreach (var id in running)
            (await server.RestAsync(id)).ShouldHaveEnded("completed");
        (await server.GetAsync(last)).ShouldHaveEnded("cancelled");
        File.Exists(Path.Combine(Home.Root, "never.txt")).ShouldBeFalse();
    }
}
