using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Caching;

/// <summary>Results of other executions, through real workers.</summary>
public sealed class CacheTests : EndToEndTest
{
    [Fact]
    public async Task TwoExecutions_OneSideEffect_ChangedCode_Two()
    {
        var server = await StartServerAsync();
        var flow = Home.AddFlow("Cached.cs");
        var args = new { ledger = Home.LedgerPath, word = "tea" };
        var first = (await server.TryRunAsync($"{flow}:look_up", args, waitSeconds: 50)).ShouldBeFine().Data["execution"]!;
        var second = (await server.TryRunAsync($"{flow}:look_up", args, waitSeconds: 50)).ShouldBeFine().Data["execution"]!;

        Home.Ledger.Lines.ShouldBe(["looked up tea"]);
        ((string)second["result"]!).ShouldBe("tea: a word");
        ((string)first["checkpoints"]![0]!["cache_status"]!).ShouldBe("executed");
        ((string)second["checkpoints"]![0]!["cache_status"]!).ShouldBe("checkpoint_cache_hit");
        ((string)second["checkpoints"]![0]!["cached_call_id"]!).ShouldBe((string)first["checkpoints"]![0]!["call_id"]!);
        var counts = (await server.CallAsync("kitaru_executions_statistics", new { metrics = (string[])["steps:step_count:sum", "cached:cached_step_count:sum"] })).ShouldBeFine();
        counts.Data["groups"]![0]!["metrics"]!.ToJsonString().ShouldBe("""{"steps":2,"cached":1}""");

        var path = Path.Combine(Home.Root, flow);
        File.WriteAllText(path, File.ReadAllText(path).Replace("a word", "one word", StringComparison.Ordinal));
        var third = (await server.TryRunAsync($"{flow}:look_up", args, waitSeconds: 50)).ShouldBeFine().Data["execution"]!;

        ((string)third["result"]!).ShouldBe("tea: one word");
        Home.Ledger.Lines.ShouldBe(["looked up tea", "looked up tea"]);
    }

    [Fact]
    public async Task DeletedExecution_LeavesWhatOthersTookFromIt()
    {
        var server = await StartServerAsync();
        var target = $"{Home.AddFlow("Cached.cs")}:look_up";
        var args = new { ledger = Home.LedgerPath, word = "tea" };
        var first = (string)(await server.TryRunAsync(target, args, waitSeconds: 50)).ShouldBeFine().Data["exec_id"]!;
        (await server.TryRunAsync(target, args, waitSeconds: 50)).ShouldBeFine();

        (await server.CallAsync("kitaru_executions_delete", new { exec_id = first })).ShouldBeFine();

        var third = (await server.TryRunAsync(target, args, waitSeconds: 50)).ShouldBeFine().Data["execution"]!;
        ((string)third["checkpoints"]![0]!["cache_status"]!).ShouldBe("checkpoint_cache_hit");
        Home.Ledger.Lines.ShouldBe(["looked up tea"]);
    }
}
