using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Replay;

/// <summary>kitaru_executions_cohort and kitaru_executions_replay_many on real executions.</summary>
public sealed partial class ReplayManyTests : OrderReplays
{
    [Fact]
    public async Task Cohort_ThenReplayMany_ThenDiff()
    {
        var server = await StartServerAsync();
        var small = await OrderAsync(server, ["tea"]);
        var large = await OrderAsync(server, ["milk", "bread", "jam"]);
        var failed = await OrderAsync(server, ["tea", "?"], ends: "failed");
        await ReplayAsync(server, small, "write");

        var cohort = (await CohortAsync(server, "price", new { order_by = "-total_tokens" })).ShouldBeFine().Data["cohort"]!;

        cohort["exec_ids"]!.ToJsonString().ShouldBe($"""["{large}","{small}"]""");
        cohort["ranked"]!.ToJsonString().ShouldBe($$"""[{"exec_id":"{{large}}","sort_value":300},{"exec_id":"{{small}}","sort_value":100}]""");
        cohort["filtered"]!.ToJsonString().ShouldBe("""{"status":1,"originals":1,"deployment":0,"checkpoint":0,"window":0,"ambiguous_checkpoint":0}""");
        ((int)cohort["scanned"]!, (int)cohort["matched"]!, (bool)cohort["partial"]!).ShouldBe((4, 2, false));
        File.WriteAllText(Home.LedgerPath, "");

        var submission = (await ManyAsync(server, cohort["exec_ids"]!, "price", new
        {
            checkpoint_overrides = new { lookup = new { output = "gold:100" } },
            tag = "june-batch",
            wait = true,
        })).ShouldBeFine().Data;

        SubmissionId().IsMatch((string)submission["submission_id"]!).ShouldBeTrue();
        submission["plan"]!["matched_targets"]!.ToJsonString().ShouldBe("""{"checkpoint:lookup":["lookup","lookup_2","lookup_3"]}""");
        submission["summary"]!.ToJsonString().ShouldBe("""{"submitted":2,"completed":2,"failed":0,"skipped":0}""");
        submission["results"]!.AsArray().Select(row => (string)row!["original_exec_id"]!).ShouldBe([large, small]);
        Home.Ledger.Lines.Order().ShouldBe(["greet", "greet", "price", "price", "write", "write"]);

        var replay = (await server.GetAsync((string)submission["results"]![0]!["replay_exec_id"]!)).ShouldHaveEnded("completed");
        replay.Result<string>().ShouldBe("Dear customer: 3 for 300");
        replay.Data["tags"]!.ToJsonString().ShouldBe("""["june-batch"]""");
        var metadata = replay.Data["metadata"]!;
        ((string)metadata["submission_id"]!).ShouldBe((string)submission["submission_id"]!);
        ((string)metadata["original_exec_id"]!).ShouldBe(large);
        ((string)metadata["replay_tag"]!).ShouldBe("june-batch");
        metadata["kitaru_replay_skipped_steps_v1"]!.ToJsonString().ShouldBe("[]");
        metadata["kitaru_replay_output_overrides_v1"]!.AsArray().Select(row => $"{row!["target"]} {row["invocation_id"]}").ShouldBe(
            ["checkpoint:lookup lookup", "checkpoint:lookup lookup_2", "checkpoint:lookup lookup_3"]);
        metadata.ToJsonString().ShouldNotContain("gold");
        ((int)(await server.CallAsync("kitaru_executions_list", new { tags = new[] { "june-batch" } })).Data["total"]!).ShouldBe(2);

        var rows = (await server.CallAsync("kitaru_executions_diff_matrix", new { exec_ids = cohort["exec_ids"] })).ShouldBeFine().Data["diff_matrix"]!["rows"]!;
        Rows(rows[1]!["compared"]![0]!).ShouldBe(["lookup overridden changed", "price run changed", "greet run", "write run changed"]);
        rows[1]!["compared"]![0]!["result"]!["replay"]!.ToString().ShouldBe("Dear customer: 1 for 100");

        // With failed ones, and some that do not fit: problems are listed, the others go on.
        var everything = (await CohortAsync(server, "lookup", new { include_failed = true })).ShouldBeFine().Data["cohort"]!;
        ((int)everything["filtered"]!["ambiguous_checkpoint"]!).ShouldBe(2);
        var mixed = (await ManyAsync(server, new JsonArray(small, failed, "bad", Guid.Empty.ToString(), small), "price", new { })).ShouldBeFine().Data;
        mixed["results"]!.AsArray().Select(row => (string)row!["original_exec_ref"]!).ShouldBe([small]);
        mixed["results"]![0]!["status"]!.ToString().ShouldBe("submitted");
        mixed["skipped"]!.AsArray().Select(row => (string)row!["original_exec_id"]!).ShouldBe([failed]);
        mixed["skipped"]![0]!["reason"]!.ToString().ShouldContain("no call 'price'");
        mixed["failures"]!.AsArray().Select(row => (string?)row!["original_exec_id"]).ShouldBe([null, null]);
        mixed["summary"]!.ToJsonString().ShouldBe("""{"submitted":1,"completed":0,"failed":2,"skipped":1}""");
        ((bool)mixed["wait"]!).ShouldBeFalse();
        await server.RestAsync((string)mixed["results"]![0]!["replay_exec_id"]!);
    }

    [Fact]
    public async Task Overrides_InvocationWins_SkipReuses_InputsComeOnTop()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea", "milk"]);
        File.WriteAllText(Home.LedgerPath, "");

        var submission = (await ManyAsync(server, new JsonArray(order), "price", new
        {
            checkpoint_overrides = new { lookup = new { output = "all:10" } },
            invocation_overrides = new { lookup_2 = new { output = "one:1" } },
            flow_overrides = new { discount = 2 },
            skip = new[] { "greet" },
        })).ShouldBeFine().Data;

        // One execution: its end is waited for.
        ((bool)submission["wait"]!).ShouldBeTrue();
        submission["summary"]!.ToJsonString().ShouldBe("""{"submitted":1,"completed":1,"failed":0,"skipped":0}""");
        submission["plan"]!["matched_targets"]!.ToJsonString().ShouldBe("""{"checkpoint:lookup":["lookup"],"invocation:lookup_2":["lookup_2"]}""");
        var replay = await server.GetAsync((string)submission["results"]![0]!["replay_exec_id"]!);
        replay.Result<string>().ShouldBe("Dear customer: 2 for 9");
        Home.Ledger.Lines.ShouldBe(["price", "write"]);
        replay.Data["metadata"]!["kitaru_replay_skipped_steps_v1"]!.ToJsonString().ShouldBe("""["greet"]""");
    }

    [Fact]
    public async Task DryRun_PlansEachAndStartsNothing()
    {
        var server = await StartServerAsync();
        var first = await OrderAsync(server, ["tea"]);
        var second = await OrderAsync(server, ["milk"]);

        var dry = (await ManyAsync(server, new JsonArray(first, second), "price", new { checkpoint_overrides = new { lookup = new { output = "x:1" } }, dry_run = true })).ShouldBeFine().Data;

        ((bool)dry["dry_run"]!).ShouldBeTrue();
        dry["submission_id"].ShouldBeNull();
        dry["results"]!.AsArray().ShouldBeEmpty();
        dry["plans"]!.AsArray().Count.ShouldBe(2);
        dry["plans"]![0]!["overridden"]!.ToJsonString().ShouldBe("""["lookup"]""");
        dry["plans"]![0]!["run"]!.ToJsonString().ShouldBe("""["price","greet","write"]""");
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).Data["total"]!).ShouldBe(2);
    }

    [Fact]
    public async Task ReplayMany_WrongArgumentsAndStates_SayWhatToDo()
    {
        var server = await StartServerAsync();
        var order = await OrderAsync(server, ["tea", "milk"]);
        var one = new JsonArray(order);

        (await ManyAsync(server, new JsonArray(), "price", new { })).ShouldBeError("KitaruUsageError", "exec_ids");
        (await ManyAsync(server, one, "  ", new { })).ShouldBeError("KitaruUsageError", "at is blank");
        (await ManyAsync(server, one, "prise", new { })).ShouldBeError("KitaruStateError", "Did you mean 'price'?");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = "x" } })).ShouldBeError("KitaruUsageError", "expected an object with output");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { outputs = 1 } } })).ShouldBeError("KitaruUsageError", "Did you mean 'output'?");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { input = 1, output = 1 } } })).ShouldBeError("KitaruUsageError", "exclude each other");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { } } })).ShouldBeError("KitaruUsageError", "changes nothing");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { input = 1 } } })).ShouldBeError("KitaruFeatureNotAvailableError", "flow_overrides");
        (await ManyAsync(server, one, "price", new { invocation_overrides = new { price = new { model = "m" } } })).ShouldBeError("KitaruFeatureNotAvailableError", "code=current");
        (await ManyAsync(server, one, "price", new { invocation_overrides = new { price = new { code = "c" } } })).ShouldBeError("KitaruFeatureNotAvailableError", "source");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { output = "x:1" } }, skip = new[] { "lookup" } })).ShouldBeError("KitaruUsageError", "both skipped and overridden");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { output = "x:1" } }, skip = new[] { "lookup_2" } })).ShouldBeError("KitaruUsageError", "both skipped and overridden");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { write = new { output = "x" } } })).ShouldBeError("KitaruStateError", "Nothing follows");
        (await ManyAsync(server, one, "price", new { checkpoint_overrides = new { lookup = new { output = 7 } } })).ShouldBeError("KitaruUsageError", "recorded a text");
        (await ManyAsync(server, one, "price", new { flow_overrides = new { discont = 1 } })).ShouldBeError("KitaruUsageError", "discount");
        (await ManyAsync(server, one, "price", new { on_error = "ignore" })).ShouldBeError("KitaruUsageError", "'fail', 'collect'");
        (await ManyAsync(server, one, "price", new { tag = " " })).ShouldBeError("KitaruUsageError", "not a tag");
        (await ManyAsync(server, new JsonArray("0199c0de-0000-7000-8000-000000000000"), "price", new { })).ShouldBeError("KitaruNotFoundError");
        // fail: found before anything is started.
        (await ManyAsync(server, new JsonArray(order, "bad"), "price", new { on_error = "fail" })).ShouldBeError("KitaruUsageError", "'bad'");

        var gate = Path.Combine(Home.Root, "never");
        var running = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate });
        await Home.Ledger.HasAsync("held began");
        (await ManyAsync(server, new JsonArray(running), "held", new { })).ShouldBeError("KitaruStateError", "running");
        var collected = (await ManyAsync(server, new JsonArray(running), "held", new { on_error = "collect" })).ShouldBeFine().Data;
        collected["failures"]![0]!["original_exec_id"]!.ToString().ShouldBe(running);
        (await server.CancelAsync(running)).ShouldBeFine();
        await File.WriteAllTextAsync(gate, "");
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).Data["total"]!).ShouldBe(2);
    }

    [Fact]
    public async Task Wait_StopsAtAQuestion()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Orders.cs")}:asked_order", new { ledger = Home.LedgerPath });
        (await server.RestAsync(id)).Status.ShouldBe("waiting");

        var submission = (await ManyAsync(server, new JsonArray(id), "lookup", new { })).ShouldBeFine().Data;

        submission["results"]![0]!["status"]!.ToString().ShouldBe("submitted");
        var replay = (string)submission["results"]![0]!["replay_exec_id"]!;
        (await server.GetAsync(replay)).Status.ShouldBe("waiting");
        (await server.CancelAsync(replay)).ShouldBeFine();
        (await server.CancelAsync(id)).ShouldBeFine();
    }

    [Fact]
    public async Task Cohort_WrongArguments_SayWhatToDo()
    {
        var server = await StartServerAsync();
        await OrderAsync(server, ["tea", "milk"]);

        (await CohortAsync(server, "lookup", new { })).ShouldBeError("KitaruUsageError", "1 with several calls 'lookup'", "at=lookup_2");
        (await CohortAsync(server, "lookup_2", new { since = "2001-01-01", until = "2999-12-31", limit = 1, order_by = "duration" })).ShouldBeFine()
            .Data["cohort"]!["ranked"]![0]!["sort_value"]!.GetValue<double>().ShouldBeGreaterThan(0);
        (await CohortAsync(server, "pay", new { })).ShouldBeError("KitaruUsageError", "1 without a call 'pay'");
        (await CohortAsync(server, "price", new { until = "2001-01-01" })).ShouldBeError("KitaruUsageError", "1 created outside since/until");
        (await CohortAsync(server, "price", new { since = "yesterday" })).ShouldBeError("KitaruUsageError", "since");
        (await CohortAsync(server, "price", new { order_by = "-cost" })).ShouldBeError("KitaruUsageError", "display_cost_usd");
        (await CohortAsync(server, "price", new { limit = 0 })).ShouldBeError("KitaruUsageError", "limit");
        (await CohortAsync(server, "price", new { max_scan = 10_001 })).ShouldBeError("KitaruUsageError", "max_scan");
        (await CohortAsync(server, "price", new { deployment = "stable" })).ShouldBeError("LookupError", "deployments");
        (await CohortAsync(server, "price", new { deployment_version = 3 })).ShouldBeError("KitaruUsageError", "not invoked from that deployment");
        (await server.CallAsync("kitaru_executions_cohort", new { flow = "bill_oder", at = "price" })).ShouldBeError("KitaruUsageError", "Did you mean 'bill_order'?");
        (await server.CallAsync("kitaru_executions_cohort", new { flow = "bill_order" })).ShouldBeError("KitaruUsageError", "'at'");
    }

    private static Task<Answer> CohortAsync(McpServer server, string at, object more) =>
        server.CallAsync("kitaru_executions_cohort", With(new JsonObject { ["flow"] = "bill_order", ["at"] = at }, more));

    private static Task<Answer> ManyAsync(McpServer server, JsonNode ids, string at, object more) =>
        server.CallAsync("kitaru_executions_replay_many", With(new JsonObject { ["exec_ids"] = ids.DeepClone(), ["at"] = at }, more));

    private static JsonObject With(JsonObject arguments, object more)
    {
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject())
            arguments[name] = value?.DeepClone();
        return arguments;
    }

    [GeneratedRegex(@"\Ars-\d{8}T\d{6}Z-[0-9a-f]{8}\z")]
    private static partial Regex SubmissionId();
}
