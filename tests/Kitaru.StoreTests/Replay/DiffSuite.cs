using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.StoreTests.Replay;

/// <summary>An execution beside its replays (runtime.md 6.3).</summary>
public abstract class DiffSuite : StoreSuite
{
    private protected DiffSuite(IStoreUnderTest store) : base(store)
    {
    }

    [Fact]
    public async Task Diff_SameAgain_IsEmpty()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft", "{\"b\":1,\"a\":2}"), ("polish", "\"ok\"")));

        var compared = (await DiffAsync(source)).Compared.ShouldHaveSingleItem();

        compared.Calls.ShouldAllBe(call => !call.Changed && call.StatusMatch);
        compared.Calls.Select(call => (call.Name, call.Action)).ShouldBe(
            [("fetch", ReplayAction.Reused), ("draft", ReplayAction.Run), ("polish", ReplayAction.Run)]);
        compared.ShouldSatisfyAllConditions(
            () => compared.ResultChanged.ShouldBeFalse(),
            () => compared.Inputs.ShouldBeEmpty(),
            () => compared.Waits.ShouldBeEmpty(),
            () => compared.Overridden.ShouldBeEmpty());
    }

    [Fact]
    public async Task Diff_OtherOrderOfKeys_IsNoChange()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft", "{\"a\": 2, \"b\": 1}"), ("polish", "\"ok\"")));

        var draft = (await DiffAsync(source)).Compared[0].Calls.Single(call => call.Name == "draft");

        draft.Changed.ShouldBeFalse();
        var output = draft.Values.ShouldHaveSingleItem();
        (output.Role, output.OriginalHash).ShouldBe(("output", output.ReplayHash));
        // sha256 of {"a":2,"b":1}
        output.OriginalHash.ShouldBe("d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772");
    }

    [Fact]
    public async Task Diff_Override_ShowsTheCallAndItsConsequences()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft", "\"other\""), ("polish", "\"ok\"")), ("fetch", "\"given\""));

        var compared = (await DiffAsync(source)).Compared[0];

        compared.Calls.Select(call => (call.Name, call.Action, call.Changed)).ShouldBe(
            [("fetch", ReplayAction.Overridden, true), ("draft", ReplayAction.Run, true), ("polish", ReplayAction.Run, false)]);
        compared.Overridden.ShouldBe(["fetch"]);
        var json = (await JsonAsync(source))["compared"]![0]!;
        json["checkpoints"]![0]!["value"]!.ToJsonString().ShouldBe("""{"original":"text","replay":"given"}""");
        json["checkpoints"]![2]!["value"].ShouldBeNull();
        json["summary"]!.ToJsonString().ShouldBe("""{"changed":2,"added":0,"removed":0,"same":1}""");
        // What was saved in the call was taken over with it.
        compared.Calls[0].Values.Select(value => (value.Role, value.Changed)).ShouldBe([("output", true), ("notes", false)]);
    }

    [Fact]
    public async Task Diff_OtherCalls_StandOnOneSideOnly()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft_shorter", "1"), ("polish", "\"ok\"")));

        var calls = (await DiffAsync(source)).Compared[0].Calls;

        calls.Select(call => (call.Name, call.Original is null, call.Replay is null)).ShouldBe(
            [("fetch", false, false), ("draft", false, true), ("polish", false, false), ("draft_shorter", true, false)]);
        calls[1].DurationDelta.ShouldBeNull();
        (calls[1].Action, calls[3].Action).ShouldBe((ReplayAction.Run, ReplayAction.Run));
    }

    [Fact]
    public async Task Diff_FailedReplay_ShowsFailureAndEnd()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", async lease =>
        {
            await Plane.Journal.AppendAsync(lease, FailedEntry(10, "draft"));
            await FinishAsync(lease, ExecutionStatus.Failed);
        });

        var compared = (await DiffAsync(source)).Compared[0];

        compared.ResultChanged.ShouldBeTrue();
        compared.Calls[1].StatusMatch.ShouldBeFalse();
        var json = (await JsonAsync(source))["compared"]![0]!;
        json["checkpoints"]![1]!["failure"]!.ToJsonString().ShouldBe("""{"original":null,"replay":"It broke."}""");
        json["result"]!.ToJsonString().ShouldBe("""{"original":"done","replay":{"failure":"It broke."}}""");
    }

    [Fact]
    public async Task Diff_LargeValues_ShowHashAndSize()
    {
        var large = $"\"{new string('x', StoredValue.InlineBytesMax + 1)}\"";
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft", large), ("polish", "\"ok\"")));

        var draft = (await JsonAsync(source))["compared"]![0]!["checkpoints"]![1]!;

        ((long)draft["value"]!["replay"]!["size_bytes"]!).ShouldBe(large.Length);
        draft["value"]!["replay"]!["read_with"]!.ToString().ShouldContain((string)draft["replay_call_id"]!);
        draft["artifact_hashes"]!["output"]!["replay"]!.ToString().Length.ShouldBe(64);
    }

    [Fact]
    public async Task Diff_TimesTokensAndCost_AreReplayMinusOriginalAndNoChange()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "ask") with { Metadata = Usage(100, 40, 0.3), EndedAt = Time.Now.AddSeconds(2) });
        await FinishAsync(lease);
        await ReplayAsync(lease.ExecutionId, "ask", async replay =>
        {
            await Plane.Journal.AppendAsync(replay, Entry(10, "ask") with { Metadata = Usage(80, 43, 0.1), EndedAt = Time.Now.AddSeconds(1.5) });
            await FinishAsync(replay);
        });

        var ask = (await JsonAsync(lease.ExecutionId))["compared"]![0]!["checkpoints"]![0]!;

        ((double)ask["duration_delta_ms"]!).ShouldBe(-500);
        ask["token_delta"]!.ToJsonString().ShouldBe("""{"prompt_tokens":-20,"completion_tokens":3,"total_tokens":-17}""");
        ((decimal)ask["cost_delta_usd"]!).ShouldBe(-0.2m);
        ((bool)ask["changed"]!).ShouldBeFalse();
    }

    [Fact]
    public async Task Diff_OtherInputsAndAnswers_AreNamedWithValues()
    {
        var lease = (await ClaimAsync((await Plane.Executions.CreateAsync(New(inputs: """{"tone":"plain","to":"you"}"""))).Id)).Lease;
        await Plane.Journal.AppendAsync(lease, Entry(1, "draft"));
        await AnsweredAsync(lease, 2, "true");
        await FinishAsync(lease);
        var request = new ReplayRequest { Source = lease.ExecutionId, From = "draft" };
        var created = await Plane.Replays.CreateAsync(request, New(inputs: """{"to":"you","tone":"warm"}"""), "me");
        var replay = (await ClaimAsync(created.Id)).Lease;
        await Plane.Journal.AppendAsync(replay, Entry(10, "draft"));
        await AnsweredAsync(replay, 11, "false");
        await FinishAsync(replay);

        var json = (await JsonAsync(lease.ExecutionId))["compared"]![0]!;

        json["inputs_changed"]!.ToJsonString().ShouldBe("""["tone"]""");
        json["inputs"]!.ToJsonString().ShouldBe("""{"tone":{"original":"plain","replay":"warm"}}""");
        json["waits_changed"]!.ToJsonString().ShouldBe(
            """[{"name":"approve","status":{"original":"answered","replay":"answered"},"value":{"original":true,"replay":false}}]""");
    }

    [Fact]
    public async Task Diff_AllReplays_NewestFirstAndExplicitOnesOnce()
    {
        var source = await SourceAsync();
        var first = await ReplayAsync(source, "draft", lease => DoneAsync(lease));
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await ReplayAsync(source, "draft", lease => DoneAsync(lease));

        (await DiffAsync(source)).Compared.Select(replay => replay.Replay.Id).ShouldBe([second, first]);
        (await DiffAsync(source, first, first)).Compared.Select(replay => replay.Replay.Id).ShouldBe([first]);
        var cut = await Plane.Replays.DiffAsync(new DiffRequest { Original = source, ReplaysMax = 1 });
        cut.Compared.ShouldHaveSingleItem();
        cut.Warnings.ShouldHaveSingleItem().ShouldContain("newest 1 of 2");
    }

    [Fact]
    public async Task Diff_NoReplays_SaysSo()
    {
        var diff = await DiffAsync(await SourceAsync());
        diff.Compared.ShouldBeEmpty();
        diff.Warnings.ShouldHaveSingleItem().ShouldContain("kitaru_executions_replay");
    }

    [Fact]
    public async Task Diff_ReplayThatRuns_IsComparedWithAWarning()
    {
        var source = await SourceAsync();
        await ReplayAsync(source, "draft", _ => Task.CompletedTask);
        var diff = await DiffAsync(source);
        diff.Warnings.ShouldHaveSingleItem().ShouldContain("has not ended (running)");
        diff.Compared[0].Calls.Count(call => call.Replay is null).ShouldBe(2);
    }

    [Fact]
    public async Task Diff_OthersThanDirectReplays_AreRefusedNamingTheNextCall()
    {
        var source = await SourceAsync();
        var replay = await ReplayAsync(source, "draft", lease => DoneAsync(lease, ("draft", "1"), ("polish", "2")));
        var grandchild = await ReplayAsync(replay, "polish", lease => DoneAsync(lease));

        (await RefusedAsync(source, await SourceAsync())).Message.ShouldContain("it replays nothing");
        (await RefusedAsync(source, grandchild)).NextStep!.ShouldContain($"original={replay}");
        (await RefusedAsync(source, source)).Message.ShouldContain("the original itself");
        (await RefusedAsync(replay, source)).NextStep!.ShouldContain($"original={source}");
        (await Should.ThrowAsync<KitaruUsageException>(() => Plane.Replays.DiffAsync(new DiffRequest { Original = source, Replays = [] }))).NextStep!.ShouldContain("Leave executions out");
        await Should.ThrowAsync<KitaruNotFoundException>(() => DiffAsync(new ExecutionId(NewId())));
        await Should.ThrowAsync<KitaruNotFoundException>(() => DiffAsync(source, new ExecutionId(NewId())));
    }

    private async Task<KitaruUsageException> RefusedAsync(ExecutionId original, ExecutionId replay) =>
        await Should.ThrowAsync<KitaruUsageException>(() => DiffAsync(original, replay));

    private Task<ExecutionDiff> DiffAsync(ExecutionId original, params ExecutionId[] replays) =>
        Plane.Replays.DiffAsync(new DiffRequest { Original = original, Replays = replays.Length == 0 ? null : replays });

    private async Task<JsonObject> JsonAsync(ExecutionId original) => await DiffJson.OfAsync(await DiffAsync(original), Plane.Artifacts);

    /// <summary>fetch, then draft on fetch, then polish on draft; fetch saved an artifact.</summary>
    private async Task<ExecutionId> SourceAsync()
    {
        var lease = await HeldAsync();
        await Plane.Journal.AppendAsync(lease, Entry(1, "fetch", "\"text\"") with
        {
            Artifacts = [new NewArtifact(new ArtifactId(NewId()), "notes", "context", Json("[1]"), [])],
        });
        await Plane.Journal.AppendAsync(lease, Entry(2, "draft", "{\"b\":1,\"a\":2}") with { Parents = ["fetch"] });
        await Plane.Journal.AppendAsync(lease, Entry(3, "polish", "\"ok\"") with { Parents = ["draft"] });
        await FinishAsync(lease);
        return lease.ExecutionId;
    }

    private async Task<ExecutionId> ReplayAsync(ExecutionId source, string from, Func<Lease, Task> run, params (string Selector, string Json)[] outputs)
    {
        var request = new ReplayRequest { Source = source, From = from, Outputs = outputs.ToDictionary(output => output.Selector, output => JsonNode.Parse(output.Json)) };
        var replay = await Plane.Replays.CreateAsync(request, New(), "me");
        await run((await ClaimAsync(replay.Id)).Lease);
        return replay.Id;
    }

    private async Task DoneAsync(Lease lease, params (string Key, string Json)[] calls)
    {
        for (var i = 0; i < calls.Length; i++)
            await Plane.Journal.AppendAsync(lease, Entry(10 + i, calls[i].Key, calls[i].Json) with { Value = await Plane.Artifacts.StoreAsync(Json(calls[i].Json)) });
        await FinishAsync(lease);
    }

    private async Task AnsweredAsync(Lease lease, long seq, string answer)
    {
        await OpenWaitAsync(lease, "approve");
        await Plane.Waits.AnswerAsync(lease.ExecutionId, "approve", JsonNode.Parse(answer), "me");
        await Plane.Journal.AppendAsync(lease, Entry(seq, "approve", answer) with { Kind = JournalKind.Wait, Parents = ["draft"] });
    }

    private static JsonObject Usage(int input, int output, double cost) => new()
    {
        ["llm_usage_v1"] = new JsonObject
        {
            ["r1"] = new JsonObject
            {
                ["schema_version"] = 1,
                ["usage"] = new JsonObject { ["input_tokens"] = input, ["output_tokens"] = output, ["total_tokens"] = input + output },
                ["cost"] = new JsonObject { ["actual_cost_usd"] = null, ["estimated_cost_usd"] = cost },
            },
        },
    };
}

public sealed class SqliteDiffTests() : DiffSuite(new SqliteUnderTest());
