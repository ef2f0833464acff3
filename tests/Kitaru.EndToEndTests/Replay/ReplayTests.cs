using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Replay;

/// <summary>kitaru_executions_replay on real flows: what runs again, what does not, and what is refused.</summary>
public sealed class ReplayTests : EndToEndTest
{
    [Fact]
    public async Task FromADraft_WithOneOverride_ChangesThatAndItsConsequences()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);
        Clear();

        var started = await ReplayAsync(server, source, "send", overrides: new JsonObject { ["checkpoint.classify"] = "secret" });

        started.ShouldBeFine();
        ((bool)started.Data["available"]!).ShouldBeTrue();
        ((string)started.Data["operation"]!).ShouldBe("replay");
        started.Data["plan"]!["steps"]!.AsArray().Select(step => $"{step!["name"]} {step["action"]}").ShouldBe(
            ["classify overridden", "archive run", "draft run", "approve run", "send run"]);
        var id = Id(started);
        var waiting = await server.RestAsync(id);
        ((string)waiting.Data["pending_wait"]!["question"]!).ShouldBe("Send 'secret/plain'?");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        var replay = (await server.RestAsync(id)).ShouldHaveEnded("completed");
        replay.Result<string>().ShouldBe("sent secret/plain (6)");
        ((string)replay.Data["original_exec_id"]!).ShouldBe(source);
        Home.Ledger.Lines.ShouldBe(["archive", "draft", "send"]);
        (await server.GetAsync(source)).Result<string>().ShouldBe("sent normal/plain (6)");
    }

    [Fact]
    public async Task FromTheLastCall_ReusesTheRestAndKeepsTheAnswer()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);
        Clear();

        var replay = (await server.RestAsync(Id(await ReplayAsync(server, source, "send")))).ShouldHaveEnded("completed");

        replay.Result<string>().ShouldBe("sent normal/plain (6)");
        Home.Ledger.Lines.ShouldBe(["send"]);
        replay.Checkpoints.Select(call => call!["original_call_id"] is not null).ShouldBe([true, true, true, false]);
        ((string)replay.Data["waits"]![0]!["status"]!).ShouldBe("answered");
        ((int)replay.Data["replay_plan"]!["counts"]!["reused"]!).ShouldBe(4);
    }

    [Fact]
    public async Task OtherFlowInputs_ComeOnTopOfTheRecordedOnes()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);
        Clear();

        var started = await ReplayAsync(server, source, "draft", flowInputs: new JsonObject { ["tone"] = "warm" });

        var waiting = await server.RestAsync(Id(started));
        ((string)waiting.Data["pending_wait"]!["question"]!).ShouldBe("Send 'normal/warm'?");
        ((string)waiting.Data["inputs"]!["letter"]!).ShouldBe("hello.");
        Home.Ledger.Lines.ShouldBe(["draft"]);
        (await server.CancelAsync(Id(started))).ShouldBeFine();
    }

    [Fact]
    public async Task DryRun_StartsNothing()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);

        var plan = await server.CallAsync("kitaru_executions_replay", new { exec_id = source, from_ = "draft", dry_run = true });

        plan.ShouldBeFine().Data["execution"].ShouldBeNull();
        ((int)plan.Data["plan"]!["counts"]!["run"]!).ShouldBe(3);
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).Data["total"]!).ShouldBe(1);
    }

    [Fact]
    public async Task ChangedCode_RunsInTheReplay_AndDivergesBeforeTheStart()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);
        var file = Path.Combine(Home.Root, "flows", "Letters.cs");
        var code = File.ReadAllText(file);

        File.WriteAllText(file, code.Replace("\"sent \"", "\"mailed \"", StringComparison.Ordinal));
        (await server.RestAsync(Id(await ReplayAsync(server, source, "send")))).Result<string>().ShouldBe("mailed normal/plain (6)");

        File.WriteAllText(file, code.Replace("await Classify(ledger, letter)", "await Classify(ledger, letter + \"?\")", StringComparison.Ordinal));
        var diverged = (await server.RestAsync(Id(await ReplayAsync(server, source, "send")))).ShouldHaveEnded("failed");
        diverged.Origin.ShouldBe("divergence");
        diverged.FailureMessage.ShouldContain("hello.?");

        File.Delete(file);
        var gone = await ReplayAsync(server, source, "send");
        ((string)gone.Data["warning"]!).ShouldContain("is gone");
        (await server.RestAsync(Id(gone))).Result<string>().ShouldBe("sent normal/plain (6)");
    }

    [Fact]
    public async Task WrongArgumentsAndStates_SayWhatToDo()
    {
        var server = await StartServerAsync();
        var source = await CompletedAsync(server);

        (await ReplayAsync(server, source, "drafd")).ShouldBeError("KitaruStateError", "classify, archive, draft", "Did you mean 'draft'?");
        (await ReplayAsync(server, source, "draft", overrides: new JsonObject { ["wait.approve"] = true })).ShouldBeError("KitaruUsageError", "asks again");
        (await ReplayAsync(server, source, "draft", overrides: new JsonObject { ["classify"] = "x" })).ShouldBeError("KitaruUsageError", "checkpoint.");
        (await ReplayAsync(server, source, "draft", overrides: new JsonObject { ["checkpoint.send"] = "x" })).ShouldBeError("KitaruStateError", "Nothing follows");
        (await ReplayAsync(server, source, "draft", overrides: new JsonObject { ["checkpoint.classify"] = 7 })).ShouldBeError("KitaruUsageError", "recorded a text");
        (await ReplayAsync(server, source, "draft", flowInputs: new JsonObject { ["ton"] = "warm" })).ShouldBeError("KitaruUsageError", "tone");
        (await ReplayAsync(server, "0199c0de-0000-7000-8000-00000000dead", "draft")).ShouldBeError("KitaruNotFoundError");
        ((int)(await server.CallAsync("kitaru_executions_list", new { })).Data["total"]!).ShouldBe(1);

        var gate = Path.Combine(Home.Root, "never");
        var running = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate });
        await Home.Ledger.HasAsync("held began");
        (await ReplayAsync(server, running, "held")).ShouldBeError("KitaruStateError", "running");
        (await server.CancelAsync(running)).ShouldBeFine();
        await File.WriteAllTextAsync(gate, "");
    }

    private async Task<string> CompletedAsync(McpServer server)
    {
        var id = await server.RunAsync($"{Home.AddFlow("Letters.cs")}:answer_letter", new { ledger = Home.LedgerPath, letter = "hello." });
        (await server.RestAsync(id)).Status.ShouldBe("waiting");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        return id;
    }

    private void Clear() => File.WriteAllText(Home.LedgerPath, "");

    private static string Id(Answer replay) => (string)replay.ShouldBeFine().Data["execution"]!["exec_id"]!;

    private static Task<Answer> ReplayAsync(McpServer server, string id, string from, JsonObject? overrides = null, JsonObject? flowInputs = null) =>
        server.CallAsync("kitaru_executions_replay", new { exec_id = id, from_ = from, overrides, flow_inputs = flowInputs });
}
