using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Starting;

/// <summary>What a new user tries first: a flow file of one's own, a built assembly, and everything one gets wrong at first.</summary>
public sealed class TargetTests : EndToEndTest
{
    private const string Hello =
        """
        using Kitaru;

        /// <summary>Greets.</summary>
        public static class Hello
        {
            [Flow]
            public static async Task<string> GreetTeam(string team, int size = 2) =>
                string.Join(", ", await Task.WhenAll(Enumerable.Range(1, size).Select(i => FindName(team, i))));

            [Checkpoint]
            private static async Task<string> FindName(string team, int index)
            {
                await Task.Yield();
                return $"{team}{index}";
            }
        }
        """;

    [Fact]
    public async Task SourceFile_WithoutDirectives_Runs()
    {
        var server = await StartServerAsync();
        var path = Home.Write("some where/else/Hello.cs", Hello);

        (await server.RunToEndAsync($"{path}:greet_team", new { team = "tea" })).ShouldHaveEnded("completed").Result<string>().ShouldBe("tea1, tea2");

        // A relative path, the method's name, Class.Method; and a changed file is built anew.
        File.WriteAllText(path, Hello.Replace("{team}{index}", "{team}-{index}", StringComparison.Ordinal));
        (await server.RunToEndAsync("some where/else/Hello.cs:GreetTeam", new { team = "tea", size = 1 })).Result<string>().ShouldBe("tea-1");
        (await server.RunToEndAsync("some where/else/Hello.cs:Hello.GreetTeam", new { team = "tea", size = 1 })).Result<string>().ShouldBe("tea-1");
    }

    [Fact]
    public async Task Assembly_Runs()
    {
        var server = await StartServerAsync();
        var execution = await server.RunToEndAsync($"{Programs.Program}:walk", new { ledger = Home.LedgerPath, steps = 3 });

        execution.ShouldHaveEnded("completed").Result<string>().ShouldBe("0 10 20");
        Home.Ledger.Count("step 1 began").ShouldBe(1);
    }

    [Fact]
    public async Task WrongTargetsAndInputs_AreTypedErrorsAndStartNothing()
    {
        var server = await StartServerAsync();
        var path = Home.Write("flows/Hello.cs", Hello);
        var target = $"{path}:greet_team";

        (await server.TryRunAsync("greet_team")).ShouldBeError("KitaruUsageError", "no colon");
        (await server.TryRunAsync("flows/Helo.cs:greet_team")).ShouldBeError("KitaruUsageError", "does not exist", "Did you mean", "Hello.cs");
        (await server.TryRunAsync("flows/missing/Other.cs:x")).ShouldBeError("KitaruUsageError", "does not exist");
        (await server.TryRunAsync("No.Such.Assembly:x")).ShouldBeError("KitaruUsageError", "No.Such.Assembly");
        (await server.TryRunAsync($"{path}:greet_teem")).ShouldBeError("KitaruUsageError", "Did you mean 'greet_team'?");
        (await server.TryRunAsync(target)).ShouldBeError("KitaruUsageError", "team");
        (await server.TryRunAsync(target, new { team = "x", siz = 3 })).ShouldBeError("KitaruUsageError", "siz", "size");
        (await server.TryRunAsync(target, new { team = "x", size = "many" })).ShouldBeError("KitaruUsageError", "size", "integer");
        (await server.CallAsync("kitaru_executions_run", new { target, args = new { team = "x" }, stack = "prod" })).ShouldBeError("KitaruUsageError", "default");
        (await server.CallAsync("kitaru_executions_run", new { targt = target })).IsError.ShouldBeTrue();

        var broken = Home.Write("flows/Broken.cs", Hello.Replace("await Task.Yield();", "await Task.Yeld()", StringComparison.Ordinal));
        (await server.TryRunAsync($"{broken}:greet_team")).ShouldBeError("KitaruBuildError", "Broken.cs(", "CS1002", "; expected");

        (await server.CallAsync("kitaru_executions_list", new { })).ShouldBeFine().Data["total"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task IdempotencyKey_StartsOnce()
    {
        var server = await StartServerAsync();
        var target = $"{Home.Write("Hello.cs", Hello)}:greet_team";

        var first = (await server.TryRunAsync(target, new { team = "a" }, idempotencyKey: "nightly")).ShouldBeFine();
        var second = (await server.TryRunAsync(target, new { team = "a" }, idempotencyKey: "nightly")).ShouldBeFine();

        second.Data["exec_id"]!.ToString().ShouldBe(first.Data["exec_id"]!.ToString());
        (await server.TryRunAsync(target, new { team = "b" }, idempotencyKey: "nightly")).ShouldBeError("KitaruStateError", "nightly");
        (await server.RestAsync((string)first.Data["exec_id"]!)).ShouldHaveEnded("completed");
    }

    [Fact]
    public async Task TwoServers_OnOneStore_ShareTheWork()
    {
        var server = await StartServerAsync();
        var other = await StartServerAsync();
        var target = $"{Home.AddFlow("Steps.cs")}:count_steps";

        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? server : other).RunAsync(
            target, new { ledger = Path.Combine(Home.Root, $"ledger{i}.txt"), steps = 5 })));

        for (var i = 0; i < ids.Length; i++)
        {
            // Each reads what the other started.
            (await (i % 2 == 0 ? other : server).RestAsync(ids[i])).ShouldHaveEnded("completed").Result<int>().ShouldBe(30);
            new Ledger(Path.Combine(Home.Root, $"ledger{i}.txt")).Lines.Count.ShouldBe(5 * 2 + 1, "each step began and was done once, and the flow ended once");
        }
        (await other.CallAsync("kitaru_executions_list", new { status = "completed" })).Data["total"]!.GetValue<int>().ShouldBe(8);
    }

    [Fact]
    public async Task SettingThatMakesNoSense_IsNamedByEveryCall()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_WORKER_IDLE_SECONDS"] = "soon" });

        (await server.CallAsync("kitaru_executions_list", new { })).ShouldBeError("KitaruUsageError", "KITARU_WORKER_IDLE_SECONDS", "'soon'");
    }
}
