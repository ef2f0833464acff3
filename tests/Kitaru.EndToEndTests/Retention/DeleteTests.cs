using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Retention;

/// <summary>Deleting through kitaru-mcp, as an assistant does it.</summary>
public sealed class DeleteTests : EndToEndTest
{
    [Fact]
    public async Task Delete_AfterADryRun_RemovesEverything_AndReplaysStayWhole()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Keepsakes.cs");
        var id = await server.RunAsync($"{file}:keep", new { letters = 200_000 });
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        var replay = (string)(await server.CallAsync("kitaru_executions_replay", new { exec_id = id, from_ = "halve" })).ShouldBeFine().Data["execution"]!["exec_id"]!;
        (await server.RestAsync(replay)).ShouldHaveEnded("completed").Result<int>().ShouldBe(100_000);
        var output = (await server.CallAsync("kitaru_artifacts_list", new { exec_id = id })).ShouldBeFine().Data["result"]![0]!["artifact_id"]!.ToString();

        var told = (await DeleteAsync(server, id, dryRun: true)).ShouldBeFine();
        (await server.GetAsync(id)).ShouldHaveEnded("completed");
        var done = (await DeleteAsync(server, id)).ShouldBeFine();

        ((bool)told.Data["deleted"]!, (bool)told.Data["dry_run"]!).ShouldBe((false, true));
        ((bool)done.Data["deleted"]!, (bool)done.Data["dry_run"]!).ShouldBe((true, false));
        ((string)done.Data["exec_id"]!).ShouldBe(id);
        done.Data["rows"]!.ToJsonString().ShouldBe(told.Data["rows"]!.ToJsonString());
        ((long)done.Data["bytes"]!).ShouldBe((long)told.Data["bytes"]!);
        ((int)done.Data["rows"]!["journal"]!).ShouldBe(2);
        // The large output of write is the replay's too.
        ((int)done.Data["large_values"]!).ShouldBe(0);
        (await server.GetAsync(id)).ShouldBeError("KitaruNotFoundError", id);
        (await server.CallAsync("kitaru_artifacts_get", new { artifact_id = output })).ShouldBeError("KitaruNotFoundError");
        (await server.CallAsync("get_execution_logs", new { exec_id = id })).ShouldBeError("KitaruNotFoundError");
        (await DeleteAsync(server, id)).ShouldBeError("KitaruNotFoundError", id);
        (await DeleteAsync(server, id, dryRun: true)).ShouldBeError("KitaruNotFoundError", id);
        var left = (await server.GetAsync(replay)).ShouldHaveEnded("completed");
        ((string)left.Data["original_exec_id"]!).ShouldBe(id);
        var again = (string)(await server.CallAsync("kitaru_executions_replay", new { exec_id = replay, from_ = "halve" })).ShouldBeFine().Data["execution"]!["exec_id"]!;
        (await server.RestAsync(again)).ShouldHaveEnded("completed").Result<int>().ShouldBe(100_000);
    }

    [Fact]
    public async Task Delete_InAWrongStateOrWithWrongArguments_IsRefusedInWords()
    {
        var server = await StartServerAsync();
        var waiting = await server.RunAsync($"{Home.AddFlow("Keepsakes.cs")}:ask");
        (await server.RestAsync(waiting)).ShouldBeFine().Status.ShouldBe("waiting");
        var running = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate = Path.Combine(Home.Root, "gate") });

        (await DeleteAsync(server, waiting)).ShouldBeError("KitaruStateError", "waiting", "kitaru_executions_cancel");
        (await DeleteAsync(server, running, dryRun: true)).ShouldBeError("KitaruStateError", "kitaru_executions_cancel");
        (await DeleteAsync(server, "nonsense")).ShouldBeError("KitaruUsageError", "nonsense");
        (await server.CallAsync("kitaru_executions_delete", new { })).ShouldBeError("KitaruUsageError", "exec_id");
        (await server.CallAsync("kitaru_executions_delete", new { exec_id = waiting, dry_run = "yes" })).ShouldBeError("KitaruUsageError", "dry_run");
        (await server.CallAsync("kitaru_executions_delete", new { exec_id = waiting, force = true })).ShouldBeError("KitaruUsageError", "force");
        (await server.GetAsync(waiting)).ShouldBeFine().Status.ShouldBe("waiting");

        foreach (var id in (string[])[waiting, running])
        {
            (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
            (await DeleteAsync(server, id)).ShouldBeFine();
        }
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).ShouldBeFine().Data["total"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Prune_DryRunFirst_WhileSomebodyPagesThroughTheList()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Keepsakes.cs");
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add(await server.RunAsync($"{file}:keep", new { letters = 10, fail = i % 2 == 1 }));
            (await server.RestAsync(ids[i])).ShouldHaveEnded(i % 2 == 1 ? "failed" : "completed");
        }
        var waiting = await server.RunAsync($"{file}:ask");
        (await server.RestAsync(waiting)).Status.ShouldBe("waiting");
        var page = (await server.CallAsync("kitaru_executions_list", new { limit = 2 })).ShouldBeFine();

        var told = (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, status = "failed" })).ShouldBeFine();
        var done = (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, status = "failed", limit = 2, dry_run = false })).ShouldBeFine();
        var next = (await server.CallAsync("kitaru_executions_list", new { limit = 2, cursor = (string)page.Data["next_cursor"]! })).ShouldBeFine();

        ((bool)told.Data["dry_run"]!, (int)told.Data["matched"]!, (int)told.Data["deleted"]!, (int)told.Data["remaining"]!).ShouldBe((true, 3, 0, 3));
        told.Data["by_status"]!.ToJsonString().ShouldBe("""{"failed":3}""");
        ((long)told.Data["bytes"]!).ShouldBeGreaterThan(0);
        ((bool)done.Data["dry_run"]!, (int)done.Data["matched"]!, (int)done.Data["deleted"]!, (int)done.Data["remaining"]!).ShouldBe((false, 3, 2, 1));
        next.Data["result"]!.AsArray().Select(item => (string)item!["exec_id"]!).ShouldBe([ids[4], ids[2]]);
        ((int)next.Data["total"]!).ShouldBe(5);
        var rest = (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, keep_newest = 1, dry_run = false })).ShouldBeFine();
        ((int)rest.Data["deleted"]!).ShouldBe(3);
        var left = (await server.CallAsync("kitaru_executions_list", new { })).ShouldBeFine();
        left.Data["result"]!.AsArray().Select(item => (string)item!["exec_id"]!).ShouldBe([waiting, ids[5]]);
        ((int)(await server.CallAsync("kitaru_executions_prune", new { older_than_days = 1, dry_run = false })).ShouldBeFine().Data["matched"]!).ShouldBe(0);
    }

    [Fact]
    public async Task Prune_WithWrongArguments_DeletesNothing()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Keepsakes.cs")}:keep", new { letters = 10 });
        (await server.RestAsync(id)).ShouldHaveEnded("completed");

        (await server.CallAsync("kitaru_executions_prune", new { dry_run = false })).ShouldBeError("KitaruUsageError", "older_than_days");
        (await server.CallAsync("kitaru_executions_prune", new { older_than_days = -1, dry_run = false })).ShouldBeError("KitaruUsageError", "older_than_days");
        (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, status = "waiting", dry_run = false })).ShouldBeError("KitaruUsageError", "status");
        (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, limit = 0, dry_run = false })).ShouldBeError("KitaruUsageError", "limit");
        (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, keep_newest = -1, dry_run = false })).ShouldBeError("KitaruUsageError", "keep_newest");
        (await server.CallAsync("kitaru_executions_prune", new { older_than_days = 0, dryrun = false })).ShouldBeError("KitaruUsageError", "dry_run");

        (await server.GetAsync(id)).ShouldHaveEnded("completed");
    }

    [Fact]
    public async Task StoreSize_AndStatus_ShowWhatIsThereAndTheRules()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_RETENTION"] = "completed=30d,failed=12h" });
        var id = await server.RunAsync($"{Home.AddFlow("Keepsakes.cs")}:keep", new { letters = 200_000 });
        (await server.RestAsync(id)).ShouldHaveEnded("completed");

        var size = (await server.CallAsync("kitaru_store_size", new { })).ShouldBeFine().Data;

        ((int)size["executions"]!, (int)size["by_status"]!["completed"]!).ShouldBe((1, 1));
        ((int)size["artifacts"]!["count"]!).ShouldBe(2);
        ((long)size["artifacts"]!["bytes"]!).ShouldBe(300_000);
        ((int)size["snapshots"]!["count"]!).ShouldBe(1);
        ((int)size["rows"]!["journal"]!).ShouldBe(2);
        ((long)size["database"]!["bytes"]!).ShouldBeGreaterThan(0);
        ((long)size["bytes"]!).ShouldBeGreaterThan(300_000);
        ((long)size["reclaimable_bytes"]!).ShouldBe(0);
        ((string)size["retention"]!).ShouldBe("completed=30d,failed=12h");
        var status = (await server.CallAsync("kitaru_status", new { })).ShouldBeFine().Data;
        ((string)status["retention"]!).ShouldBe("completed=30d,failed=12h");
        ((long)status["database_bytes"]!).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Server_WithRulesThatMakeNoSense_SaysSo_AndDeletesNothing()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_RETENTION"] = "complete=30d" });

        var status = (await server.CallAsync("kitaru_status", new { })).ShouldBeFine().Data;

        status["retention"].ShouldBeNull();
        ((string)status["warning"]!).ShouldContain("Did you mean 'completed'?");
        (await server.CallAsync("kitaru_store_size", new { })).ShouldBeError("KitaruUsageError", "KITARU_RETENTION");
    }

    private static Task<Answer> DeleteAsync(McpServer server, string id, bool dryRun = false) =>
        server.CallAsync("kitaru_executions_delete", new { exec_id = id, dry_run = dryRun });
}
