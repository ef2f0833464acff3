using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.Core;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Stacks;

public sealed class LocalStackTests
{
    private const string Slow =
        """
        using Kitaru;

        public static class Slow
        {
            [Flow]
            public static async Task<int> Count(int to)
            {
                for (var i = 0; i < to; i++)
                    await Step(i);
                return to;
            }

            [Checkpoint]
            private static async Task<int> Step(int i)
            {
                await Task.Delay(50);
                return i;
            }
        }
        """;

    [Fact]
    public async Task StoredExecution_IsRunByAWorkerThatStaysWarm()
    {
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();

        var first = await world.RunAsync(Sources.Hello, "say_hello", new JsonObject { ["name"] = "tea" });
        var done = await world.UntilAsync(first, ExecutionStatus.Completed);
        var worker = (await world.ControlPlane.Workers.ListAsync()).ShouldHaveSingleItem();
        var second = await world.RunAsync(Sources.Hello, "say_hello", new JsonObject { ["name"] = "again" });
        await world.UntilAsync(second, ExecutionStatus.Completed);

        Encoding.UTF8.GetString(done.Result!.Inline!).ShouldBe("hello tea");
        (await world.ControlPlane.Workers.ListAsync()).ShouldHaveSingleItem().Id.ShouldBe(worker.Id);
    }

    [Fact]
    public async Task IdleWorker_EndsAndLeavesNothing()
    {
        await using var world = await StackWorld.OpenAsync();
        world.StartStack(idle: TimeSpan.FromMilliseconds(100));
        var id = await world.RunAsync(Slow, "count", new JsonObject { ["to"] = 5 });
        var worker = (await world.UntilAsync(() => world.ControlPlane.Workers.ListAsync(), workers => workers.Count == 1))[0];
        await world.UntilAsync(id, ExecutionStatus.Completed);

        await world.UntilAsync(() => world.ControlPlane.Workers.ListAsync(), workers => workers.Count == 0);

        await world.UntilAsync(() => Task.FromResult(ProcessIdentities.IsAlive(worker.Process)), alive => !alive);
        File.Exists(worker.OutputPath).ShouldBeFalse();
    }

    [Fact]
    public async Task TwoStacks_StartOneWorker()
    {
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();
        world.StartStack();

        var id = await world.RunAsync(Slow, "count", new JsonObject { ["to"] = 20 });
        await world.UntilAsync(id, ExecutionStatus.Completed);

        (await world.ControlPlane.Workers.ListAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task KilledWorker_IsReplacedAndTheExecutionGoesOn()
    {
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();
        var id = await world.RunAsync(Slow, "count", new JsonObject { ["to"] = 30 });
        await world.UntilAsync(() => world.ControlPlane.Executions.GetAsync(id), detail => detail.Calls.Count >= 3);

        StackWorld.End((await world.ControlPlane.Workers.ListAsync()).ShouldHaveSingleItem());

        var done = await world.UntilAsync(id, ExecutionStatus.Completed);
        done.Takeovers.ShouldBe(1);
        (await world.ControlPlane.Executions.GetAsync(id)).Calls.Count.ShouldBe(30);
    }

    [Fact]
    public async Task WorkerToldToStop_HandsOver()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();
        var id = await world.RunAsync(Slow, "count", new JsonObject { ["to"] = 40 });
        await world.UntilAsync(() => world.ControlPlane.Executions.GetAsync(id), detail => detail.Calls.Count >= 3);
        var worker = (await world.ControlPlane.Workers.ListAsync()).ShouldHaveSingleItem();

        using var kill = Process.Start("kill", ["-TERM", $"{worker.Process.ProcessId}"]);

        await world.UntilAsync(() => world.ControlPlane.Executions.FindAsync(id), execution => execution!.Owner is { } owner && owner != worker.Id);
        var done = await world.UntilAsync(id, ExecutionStatus.Completed);
        done.Takeovers.ShouldBe(0);
        (await world.ControlPlane.Executions.GetAsync(id)).Calls.ShouldAllBe(call => call.Attempts.Count == 1);
    }

    [Fact]
    public async Task CrashingFlow_FailsInTheEndAndItsLastWordsAreInTheLog()
    {
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();

        var id = await world.RunAsync(
            "using Kitaru; public static class Bad { [Flow] public static async Task Run() => await Crash(); [Checkpoint] static async Task Crash() { await Task.Yield(); Environment.FailFast(\"famous last words\"); } }",
            "run");

        (await world.UntilAsync(id, ExecutionStatus.Failed)).Failure.ShouldNotBeNull().Message.ShouldContain("worker died");
        await world.UntilAsync(
            () => world.ControlPlane.Logs.ReadAsync(new LogQuery { ExecutionId = id, Source = "runner" }),
            lines => lines.Any(line => line.Message.Contains("famous last words", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OutputOfChildProcesses_IsInTheLog()
    {
        if (OperatingSystem.IsWindows())
            return;
        await using var world = await StackWorld.OpenAsync();
        world.StartStack();

        var id = await world.RunAsync(
            """
            using Kitaru;
            using System.Diagnostics;
            public static class Child
            {
                [Flow] public static async Task<string?> Run() => await Say();
                [Checkpoint] static async Task<string?> Say()
                {
                    Console.WriteLine("from code");
                    using var process = Process.Start("/bin/echo", "from child");
                    await process.WaitForExitAsync();
                    return Console.ReadLine();
                }
            }
            """, "run");

        (await world.UntilAsync(id, ExecutionStatus.Completed)).Result?.Inline.ShouldBe("null"u8.ToArray());
        var lines = await world.UntilAsync(
            () => world.ControlPlane.Logs.ReadAsync(new LogQuery { ExecutionId = id }), lines => lines.Any(line => line.Message == "from child"));
        lines.ShouldContain(line => line.Message == "from code" && line.Source == "step" && line.Checkpoint == "say");
        lines.ShouldContain(line => line.Message == "from child" && line.Source == "runner" && line.Checkpoint == null);
    }

    [Fact]
    public async Task SnapshotThatIsGone_FailsItsExecutions()
    {
        await using var world = await StackWorld.OpenAsync();
        var id = await world.RunAsync(Sources.Hello, "say_hello", new JsonObject { ["name"] = "tea" });
        Directory.Delete(world.Builds.Config.Snapshots, recursive: true);

        world.StartStack();

        (await world.UntilAsync(id, ExecutionStatus.Failed)).Failure.ShouldNotBeNull().Message.ShouldContain("are not kept");
    }

    [Fact]
    public async Task WorkerThatCannotStart_SaysWhyInTheStatusReason()
    {
        await using var world = await StackWorld.OpenAsync();
        var id = await world.RunAsync(
            """
            using Kitaru;
            using Microsoft.Extensions.DependencyInjection;
            public static class Fine { [Flow] public static int Run() => 1; }
            public sealed class Startup : IFlowStartup { public void ConfigureServices(IServiceCollection services) => throw new InvalidOperationException("no services today"); }
            """, "run");

        world.StartStack();

        var waiting = await world.UntilAsync(
            () => world.ControlPlane.Executions.FindAsync(id), execution => execution!.StatusReason?.Contains("no services today", StringComparison.Ordinal) == true);
        waiting!.Status.ShouldBe(ExecutionStatus.Queued);
    }
}
