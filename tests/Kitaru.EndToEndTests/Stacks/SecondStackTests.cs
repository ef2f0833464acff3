using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Stacks;

/// <summary>A second local stack with options of its own: they reach its workers, and nobody else's.</summary>
public sealed class SecondStackTests : EndToEndTest
{
    private const string Source =
        """
        using Kitaru;

        public static class Places
        {
            [Flow(Image = "{\"environment\": {\"WHO\": \"flow\"}}")]
            public static async Task<string> LookAround(string gate) => await Look(gate);

            [Checkpoint]
            private static async Task<string> Look(string gate)
            {
                File.AppendAllText(gate + ".began", ".");
                while (!File.Exists(gate))
                    await Task.Delay(10, Flow.CancellationToken);
                return $"{Environment.GetEnvironmentVariable("PLACE")} {Environment.GetEnvironmentVariable("WHO")} {Environment.ProcessId}";
            }
        }
        """;

    [Fact]
    public async Task Run_OnAStackWithOptions_BehavesSo_AndOutlivesItsDeletion()
    {
        var server = await StartServerAsync();
        var target = Home.Write("flows/Places.cs", Source) + ":look_around";
        var created = (await server.CallAsync("manage_stack", new
        {
            action = "create",
            name = "local-dev",
            extra = new { orchestrator = new { concurrency = 1, idle_seconds = 0.5, environment = new { PLACE = "dev", WHO = "stack" } } },
        })).ShouldBeFine();
        created.Data["is_active"]!.GetValue<bool>().ShouldBeTrue();

        // On the active stack, two at once; and one on the built-in stack.
        var gate = Path.Combine(Home.Root, "gate");
        var first = await server.RunAsync(target, new { gate });
        var second = await server.RunAsync(target, new { gate });
        var plain = (string)(await server.CallAsync("kitaru_executions_run", new { target, args = new { gate = gate + "-plain" }, stack = "default" })).ShouldBeFine().Data["exec_id"]!;
        await Until.TrueAsync(() => File.Exists(gate + ".began") && File.Exists(gate + "-plain.began"), "both stacks run something");
        Home.Workers().Count.ShouldBe(2, "executions of two stacks share no worker");
        (await server.CallAsync("manage_stack", new { action = "delete", name = "local-dev", force = true })).ShouldBeFine().Data["new_active_stack"]!.ToString().ShouldBe("default");
        File.ReadAllText(gate + ".began").Length.ShouldBe(1, "its worker takes one execution at a time");
        File.WriteAllText(gate, "");
        File.WriteAllText(gate + "-plain", "");

        var ends = new[] { await server.RestAsync(first), await server.RestAsync(second) };
        foreach (var end in ends)
        {
            end.ShouldHaveEnded("completed").Result<string>().ShouldStartWith("dev flow ");
            end.Data["stack_name"]!.ToString().ShouldBe("local-dev");
            end.Data["frozen_execution_spec"]!["resolved_execution"]!["image"]!["environment"]!["WHO"]!.ToString().ShouldBe("flow");
        }
        (await server.RestAsync(plain)).ShouldHaveEnded("completed").Result<string>().ShouldStartWith(" flow ");

        // A replay keeps stack and environment, though the stack is gone.
        var replay = (await server.CallAsync("kitaru_executions_replay", new { exec_id = first, from_ = "look" })).ShouldBeFine();
        (await server.RestAsync((string)replay.Data["execution"]!["exec_id"]!)).ShouldHaveEnded("completed").Result<string>().ShouldStartWith("dev flow ");
        await Home.NoWorkersAsync();
    }

    /// <summary>The eighth prompt of the contract: create a local stack named local-dev if there is none, then show the status.</summary>
    [Fact]
    public async Task EighthPrompt_NeedsThreeCalls_AndASecondTimeTwo()
    {
        var server = await StartServerAsync();

        (await server.CallAsync("kitaru_stacks_list", new { })).ShouldBeFine().Text.ShouldNotContain("local-dev");
        (await server.CallAsync("manage_stack", new { action = "create", name = "local-dev" })).ShouldBeFine();
        (await server.CallAsync("kitaru_status", new { })).ShouldBeFine().Data["active_stack"]!.ToString().ShouldBe("local-dev");

        (await server.CallAsync("kitaru_stacks_list", new { })).ShouldBeFine().Data["result"]!.AsArray()
            .Single(item => item!["is_active"]!.GetValue<bool>())!["name"]!.ToString().ShouldBe("local-dev");
        (await server.CallAsync("manage_stack", new { action = "create", name = "local-dev" })).ShouldBeError("KitaruStateError", "already");
    }

    /// <summary>A project file beside the target counts; one that makes no sense stops the run before anything is built.</summary>
    [Fact]
    public async Task Run_ProjectFileBesideTheTarget_Counts()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_RETRIES"] = "2" });
        var target = Home.Write("flows/Places.cs", Source) + ":look_around";
        var gate = Home.Write("gate", "");
        var file = Home.Write("kitaru.json", """{ "retries": 1, "image": { "environment": { "PLACE": "file", "WHO": "file" }, "base_image": "x" } }""");

        var run = (await server.TryRunAsync(target, new { gate }, waitSeconds: 50)).ShouldBeFine();
        run.Data["warning"]!.ToString().ShouldContain("base_image");
        var end = await server.RestAsync((string)run.Data["exec_id"]!);
        end.ShouldHaveEnded("completed").Result<string>().ShouldStartWith("file flow ");
        end.Data["frozen_execution_spec"]!["resolved_execution"]!["retries"]!.GetValue<int>().ShouldBe(2);

        File.WriteAllText(file, """{ "retrys": 1 }""");
        (await server.TryRunAsync(target, new { gate })).ShouldBeError("KitaruUsageError", file, "Did you mean 'retries'?");
        (await server.CallAsync("kitaru_executions_list", new { })).ShouldBeFine().Data["total"]!.GetValue<int>().ShouldBe(1);
    }
}
