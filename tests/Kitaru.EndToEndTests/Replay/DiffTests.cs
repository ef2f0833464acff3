using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Replay;

/// <summary>kitaru_executions_diff and kitaru_executions_diff_matrix on real replays.</summary>
public sealed class DiffTests : OrderReplays
{
    [Fact]
    public async Task ReplayWithoutChanges_DiffsEmpty()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea", "milk"]);
        await ReplayAsync(server, order, "lookup");
        await ReplayAsync(server, order, "write");

        var answer = (await DiffAsync(server, order)).ShouldBeFine();

        ((string)answer.Data["operation"]!).ShouldBe("diff");
        var diff = answer.Data["diff"]!;
        diff["warnings"]!.AsArray().ShouldBeEmpty();
        diff["urls"]!.AsArray().ShouldBeEmpty();
        foreach (var compared in diff["compared"]!.AsArray())
        {
            Summary(compared!).ShouldBe("""{"changed":0,"added":0,"removed":0,"same":5}""");
            ((bool)compared!["result_changed"]!).ShouldBeFalse();
            compared["inputs_changed"]!.AsArray().ShouldBeEmpty();
            compared["waits_changed"]!.AsArray().ShouldBeEmpty();
        }
        Rows(diff["compared"]![0]!).ShouldBe(["lookup reused", "lookup_2 reused", "price reused", "greet reused", "write run"]);
        Rows(diff["compared"]![1]!).ShouldBe(["lookup run", "lookup_2 run", "price run", "greet run", "write run"]);
    }

    [Fact]
    public async Task OneOverride_ChangesThatAndItsConsequences()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea", "milk"]);
        await ReplayAsync(server, order, "write", overrides: new JsonObject { ["checkpoint.lookup_2"] = "cream:5" });

        var compared = (await DiffAsync(server, order)).ShouldBeFine().Data["diff"]!["compared"]!.AsArray().ShouldHaveSingleItem()!;

        // greet ran again and gave the same.
        Rows(compared).ShouldBe(["lookup reused", "lookup_2 overridden changed", "price run changed", "greet run", "write run changed"]);
        Summary(compared).ShouldBe("""{"changed":3,"added":0,"removed":0,"same":2}""");
        compared["applied_output_overrides"]!.ToJsonString().ShouldBe("""["lookup_2"]""");
        var rows = compared["checkpoints"]!.AsArray();
        rows[1]!["value"]!.ToJsonString().ShouldBe("""{"original":"milk:3","replay":"cream:5"}""");
        rows[2]!["value"]!.ToJsonString().ShouldBe("""{"original":{"Count":2,"Total":6},"replay":{"Count":2,"Total":8}}""");
        rows[2]!["token_delta"]!.ToJsonString().ShouldBe("""{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1}""");
        ((decimal)rows[2]!["cost_delta_usd"]!).ShouldBe(0);
        rows[2]!["artifact_hashes"]!.AsObject().Select(pair => pair.Key).ShouldBe(["output", "lines"]);
        rows[0]!["token_delta"].ShouldBeNull();
        rows[4]!["value"]!["replay"]!.ToString().ShouldBe("Dear customer: 2 for 8");
        compared["result"]!.ToJsonString().ShouldBe("""{"original":"Dear customer: 2 for 6","replay":"Dear customer: 2 for 8"}""");
    }

    [Fact]
    public async Task OtherInputs_AreNamedAndTheCallsTheyAdd()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea", "milk"]);
        var replay = await ReplayAsync(server, order, "lookup", flowInputs: new JsonObject { ["items"] = new JsonArray("tea"), ["discount"] = 1 });

        var compared = (await DiffAsync(server, order, replay)).ShouldBeFine().Data["diff"]!["compared"]![0]!;

        compared["inputs_changed"]!.ToJsonString().ShouldBe("""["items","discount"]""");
        compared["inputs"]!["items"]!.ToJsonString().ShouldBe("""{"original":["tea","milk"],"replay":["tea"]}""");
        var removed = compared["checkpoints"]!.AsArray().Single(row => row!["replay_call_id"] is null)!;
        ((string)removed["name"]!).ShouldBe("lookup_2");
        ((bool)removed["status_match"]!).ShouldBeFalse();
        removed["duration_delta_ms"].ShouldBeNull();
    }

    [Fact]
    public async Task OtherAnswer_IsShownBesideTheCalls()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Orders.cs")}:asked_order", new { ledger = Home.LedgerPath });
        (await server.RestAsync(id)).Status.ShouldBe("waiting");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        var started = await server.CallAsync("kitaru_executions_replay", new { exec_id = id, from_ = "approve" });
        var replay = (string)started.ShouldBeFine().Data["execution"]!["exec_id"]!;
        (await server.RestAsync(replay)).Status.ShouldBe("waiting");

        (await DiffAsync(server, id)).ShouldBeFine().Data["diff"]!["warnings"]![0]!.ToString().ShouldContain("has not ended (waiting)");
        (await server.InputAsync(replay, "approve", false)).ShouldBeFine();
        (await server.RestAsync(replay)).ShouldHaveEnded("completed");

        var compared = (await DiffAsync(server, id)).ShouldBeFine().Data["diff"]!["compared"]![0]!;
        compared["waits_changed"]![0]!["value"]!.ToJsonString().ShouldBe("""{"original":true,"replay":false}""");
        compared["result"]!.ToJsonString().ShouldBe("""{"original":"Dear customer","replay":"kept"}""");
        Summary(compared).ShouldBe("""{"changed":0,"added":0,"removed":1,"same":1}""");
    }

    [Fact]
    public async Task LongFlow_AnswerStaysSmallAndSaysWhatIsLeftOut()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, [.. Enumerable.Range(0, 200).Select(i => $"item {i}")]);
        await ReplayAsync(server, order, "write", overrides: new JsonObject { ["checkpoint.lookup_7"] = "other:9" });

        var diff = (await DiffAsync(server, order)).ShouldBeFine();

        diff.Text.Length.ShouldBeLessThan(90_000);
        var compared = diff.Data["diff"]!["compared"]![0]!;
        compared["checkpoints"]!.AsArray().ShouldAllBe(row => (bool)row!["changed"]!);
        ((int)compared["summary"]!["same"]! + (int)compared["summary"]!["changed"]!).ShouldBe(203);
        diff.Data["diff"]!["warnings"]![0]!.ToString().ShouldContain("unchanged calls are left out");
    }

    [Fact]
    public async Task Matrix_HasARowForEachOriginal_AndLinks()
    {
        var server = await StartServerAsync(new Dictionary<string, string> { ["KITARU_UI_URL"] = "https://kitaru.example/ui/" });
        var first = await OrderAsync(server, ["tea"]);
        var second = await OrderAsync(server, ["milk"]);
        var replay = await ReplayAsync(server, first, "greet");

        var answer = (await server.CallAsync("kitaru_executions_diff_matrix", new { exec_ids = new[] { first, second, first } })).ShouldBeFine();

        ((string)answer.Data["operation"]!).ShouldBe("diff_matrix");
        var rows = answer.Data["diff_matrix"]!["rows"]!.AsArray();
        rows.Select(row => (string)row!["original_exec_id"]!).ShouldBe([first, second]);
        ((string)rows[0]!["compared"]![0]!["replay_exec_id"]!).ShouldBe(replay);
        var flow = (string)(await server.GetAsync(first)).Data["flow_id"]!;
        ((string)rows[0]!["urls"]![0]!).ShouldBe($"https://kitaru.example/ui/flows/{flow}/v/local/compare?executions={first},{replay}");
        rows[1]!["compared"]!.AsArray().ShouldBeEmpty();
        rows[1]!["urls"]!.AsArray().ShouldBeEmpty();
        rows[1]!["warnings"]![0]!.ToString().ShouldContain("no replays");
    }

    [Fact]
    public async Task WrongArgumentsAndStates_SayWhatToDo()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea"]);
        var other = await OrderAsync(server, ["milk"]);
        var replay = await ReplayAsync(server, order, "write");
        var again = await ReplayAsync(server, replay, "write");

        (await DiffAsync(server, order, replay, replay)).ShouldBeFine().Data["diff"]!["compared"]!.AsArray().Count.ShouldBe(1);
        (await DiffAsync(server, order, other)).ShouldBeError("KitaruUsageError", "replays nothing", "kitaru_executions_list");
        (await DiffAsync(server, order, again)).ShouldBeError("KitaruUsageError", $"it replays {replay}").NextStep!.ShouldContain($"original={replay}");
        (await DiffAsync(server, replay, order)).ShouldBeError("KitaruUsageError", "other way round");
        (await DiffAsync(server, order, "  ")).ShouldBeError("KitaruUsageError", "not an execution id");
        (await DiffAsync(server, "nonsense")).ShouldBeError("KitaruUsageError", "not an execution id");
        (await DiffAsync(server, "0199c0de-0000-7000-8000-000000000000")).ShouldBeError("KitaruNotFoundError");
        (await server.CallAsync("kitaru_executions_diff", new { original = order, executions = Array.Empty<string>() })).ShouldBeError("KitaruUsageError", "Leave executions out");
        (await server.CallAsync("kitaru_executions_diff", new { exec_id = order })).ShouldBeError("KitaruUsageError", "'original'");
        (await server.CallAsync("kitaru_executions_diff_matrix", new { exec_ids = Array.Empty<string>() })).ShouldBeError("KitaruUsageError", "exec_ids");
        (await server.CallAsync("kitaru_executions_diff_matrix", new { exec_ids = order })).ShouldBeError("KitaruUsageError", "a list");
        (await server.CallAsync("kitaru_executions_diff_matrix", new { exec_ids = new[] { "0199c0de-0000-7000-8000-000000000000" } })).ShouldBeError("KitaruNotFoundError");
    }
}
