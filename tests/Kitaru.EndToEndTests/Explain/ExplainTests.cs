using System.Diagnostics;
using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Explain;

/// <summary>What an assistant is told of executions, and that the calls it is told to make do what they promise.</summary>
public sealed class ExplainTests : EndToEndTest
{
    [Fact]
    public async Task Waiting_AnsweredAndAbortedByTheCallsThatItNames()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Questions.cs")}:ask_twice", new { ledger = Home.LedgerPath, staySeconds = 600 });
        await UntilAsync(server, id, "waiting_for_input");

        var first = (await ExplainAsync(server, id)).Data;
        first["summary"]!.ToString().ShouldContain("'approve'");
        Evidence(first, "pending_wait")["question"]!.ToString().ShouldBe("Go on?");
        var input = first["next"]![0]!;
        input["arguments"]!["value"] = true;
        (await SendAsync(server, input)).ShouldBeFine();

        var second = await UntilAsync(server, id, "waiting_for_input", explained => explained["summary"]!.ToString().Contains("'budget'", StringComparison.Ordinal));
        (await SendAsync(server, second["next"]![1]!)).ShouldBeFine().Data["pending_wait"].ShouldBeNull();

        (await server.RestAsync(id)).ShouldHaveEnded("cancelled");
        var ended = (await ExplainAsync(server, id)).Data;
        ended["situation"]!.ToString().ShouldBe("cancelled");
        ended["summary"]!.ToString().ShouldContain("aborted by mcp:");
        (await server.CallAsync("kitaru_executions_abort_wait", new { exec_id = id, wait = "budget" })).ShouldBeFine();
        (await server.InputAsync(id, "budget", 3)).ShouldBeError("KitaruStateError");
        (await server.LogsAsync(id, source: "runner")).ShouldContain("Wait 'approve' was answered by mcp:");
    }

    [Fact]
    public async Task Sleeping_ResumeWarns_CancelledIsSaid()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Questions.cs")}:nap", new { ledger = Home.LedgerPath, seconds = 7200 });

        var asleep = await UntilAsync(server, id, "sleeping");
        asleep["status"]!.ToString().ShouldBe("running");
        Evidence(asleep, "last_completed_checkpoint")["name"]!.ToString().ShouldBe("settle");
        var resumed = (await server.CallAsync("kitaru_executions_resume", new { exec_id = id })).ShouldBeFine();
        ((string)resumed.Data["warning"]!).ShouldContain("cannot be cut short");

        var cancel = asleep["next"]!.AsArray().Single(call => call!["tool"]!.ToString() == "kitaru_executions_cancel")!;
        (await SendAsync(server, cancel)).ShouldHaveEnded("cancelled");
        (await UntilAsync(server, id, "cancelled"))["next"]!.AsArray().ShouldContain(call => call!["tool"]!.ToString() == "kitaru_executions_run");
        (await server.CallAsync("kitaru_executions_resume", new { exec_id = id })).ShouldBeError("KitaruStateError", "cancelled");
    }

    [Fact]
    public async Task FailedInUserCode_NamesTheCheckpointAndWhatItLogged()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Trouble.cs");
        var id = (string)(await server.RunToEndAsync($"{file}:checkpoint_throws")).ShouldHaveEnded("failed").Data["exec_id"]!;

        var failed = (await ExplainAsync(server, id)).Data;
        failed["situation"]!.ToString().ShouldBe("failed_in_user_code");
        failed["summary"]!.ToString().ShouldContain("'failing'");
        failed["summary"]!.ToString().ShouldContain("a bad shape");
        Evidence(failed, "failure")["thrown_at"]![0]!.ToString().ShouldContain("Trouble.Failing");
        foreach (var call in failed["next"]!.AsArray())
        {
            (await SendAsync(server, call!)).ShouldBeFine();
            (await server.RestAsync(id)).ShouldHaveEnded("failed");
        }

        var inBody = (string)(await server.RunToEndAsync($"{file}:throws")).ShouldHaveEnded("failed").Data["exec_id"]!;
        (await ExplainAsync(server, inBody)).Data["summary"]!.ToString().ShouldContain("outside of any checkpoint");
        var runtime = (string)(await server.RunToEndAsync($"{file}:unserializable_step")).ShouldHaveEnded("failed").Data["exec_id"]!;
        (await ExplainAsync(server, runtime)).Data["situation"]!.ToString().ShouldBe("failed_in_runtime");
    }

    [Fact]
    public async Task Poisoned_HasTheLastWordsOfItsWorkers()
    {
        var server = await StartServerAsync();
        var id = (string)(await server.RunToEndAsync($"{Home.AddFlow("Trouble.cs")}:fatal", new { ledger = Home.LedgerPath })).ShouldHaveEnded("failed").Data["exec_id"]!;

        var poisoned = await UntilAsync(server, id, "poisoned");
        poisoned["summary"]!.ToString().ShouldContain("died 5 times in a row");
        ((int)Evidence(poisoned, "takeovers")).ShouldBe(5);
        var logs = (await SendAsync(server, poisoned["next"]![0]!)).ShouldBeFine().Text;
        logs.ShouldContain("as loud as it gets");
        logs.ShouldContain("Taken over: worker");
    }

    [Fact]
    public async Task RetryBackoff_SaysWhenTheNextAttemptIs()
    {
        var server = await StartServerAsync();
        var id = await server.RunAsync($"{Home.AddFlow("Situations.cs")}:stubborn");

        var resting = await UntilAsync(server, id, "retry_backoff", explained => explained["evidence"]!.AsArray().Any(item => item!["what"]!.ToString() == "next_attempt_at"));
        resting["summary"]!.ToString().ShouldContain("'refuse' failed in attempt 1");
        Evidence(resting, "failure")["message"]!.ToString().ShouldContain("nobody answers");
        Evidence(resting, "last_warnings").ToJsonString().ShouldContain("the line is busy");

        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
    }

    [Fact]
    public async Task Diverged_ShowsWhatWasRecordedAndWhatWasAskedFor()
    {
        var server = await StartServerAsync();
        var flag = Path.Combine(Home.Root, "flag");
        var id = await server.RunAsync($"{Home.AddFlow("Situations.cs")}:fickle", new { flag });
        await Until.ValueAsync(
            async () => (await server.LogsAsync(id, source: "runner")).Contains("Let go by worker", StringComparison.Ordinal) ? true : (bool?)null, "the worker has let go");
        await File.WriteAllTextAsync(flag, "");
        (await server.InputAsync(id, "go_on", true)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("failed").Origin.ShouldBe("divergence");

        var diverged = (await ExplainAsync(server, id)).Data;
        diverged["situation"]!.ToString().ShouldBe("diverged");
        Evidence(diverged, "recorded").ToString().ShouldContain("'first'");
        Evidence(diverged, "present").ToString().ShouldContain("'second'");
        Evidence(diverged, "last_agreed_checkpoint").ToString().ShouldBe("prepare");
        File.Delete(flag);
        (await SendAsync(server, diverged["next"]![0]!)).ShouldBeFine();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("first");
        var anew = diverged["next"]!.AsArray().Single(call => call!["tool"]!.ToString() == "kitaru_executions_run")!;
        var again = (string)(await SendAsync(server, anew)).ShouldBeFine().Data["exec_id"]!;
        await UntilAsync(server, again, "waiting_for_input");
        (await server.CancelAsync(again)).ShouldBeFine();
    }

    [Fact]
    public async Task Running_NamesTheCheckpoint_CompletedPointsToTheResult()
    {
        var server = await StartServerAsync();
        var gate = Path.Combine(Home.Root, "gate");
        var id = await server.RunAsync($"{Home.AddFlow("Steps.cs")}:long_step", new { ledger = Home.LedgerPath, gate });

        var running = await UntilAsync(server, id, "running", explained => explained["summary"]!.ToString().Contains("'held'", StringComparison.Ordinal));
        Home.Workers().ShouldContain((int)Evidence(running, "worker")["process_id"]!);

        await File.WriteAllTextAsync(gate, "");
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        var completed = (await ExplainAsync(server, id)).Data;
        completed["situation"]!.ToString().ShouldBe("completed");
        (await SendAsync(server, completed["next"]![0]!)).ShouldBeFine().Data["value"]!.ToString().ShouldBe("open");
    }

    [Fact]
    public async Task ProgramThatWasKilled_IsNamedAsTheOneThatMustRun()
    {
        string id;
        var start = new ProcessStartInfo("dotnet", [Programs.Program, "run", Home.LedgerPath, "50"]) { RedirectStandardOutput = true };
        start.Environment["KITARU_CONFIG_PATH"] = Home.Config;
        using (var program = Process.Start(start)!)
        {
            id = (await program.StandardOutput.ReadLineAsync())!;
            await Home.Ledger.HasLinesAsync(3);
            program.Kill();
            await program.WaitForExitAsync();
        }
        await using (var kitaru = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = Home.Config }))
            (await kitaru.Executions.ExplainAsync(ExecutionId.Parse(id))).Situation.ShouldBe(Core.Situation.WorkerLost);

        var server = await StartServerAsync();
        var left = await UntilAsync(server, id, "queued_without_worker");
        left["summary"]!.ToString().ShouldContain("Kitaru.EndToEndTests.Program) does not run");
        (await server.CancelAsync(id)).ShouldHaveEnded("cancelled");
    }

    [Fact]
    public async Task WrongArguments_AreTypedErrors()
    {
        var server = await StartServerAsync();
        const string nobody = "0199c0de-0000-7000-8000-000000000000";
        foreach (var tool in (string[])["kitaru_executions_explain", "kitaru_executions_resume"])
        {
            (await server.CallAsync(tool, new { exec_id = nobody })).ShouldBeError("KitaruNotFoundError", nobody);
            (await server.CallAsync(tool, new { exec_id = "latest" })).ShouldBeError("KitaruUsageError", "latest");
            (await server.CallAsync(tool, new { execution = nobody })).ShouldBeError("KitaruUsageError", "exec_id");
        }
        (await server.CallAsync("kitaru_executions_abort_wait", new { exec_id = nobody, wait = "approve" })).ShouldBeError("KitaruNotFoundError");
        (await server.CallAsync("kitaru_executions_tag", new { exec_id = nobody, add = new[] { "nightly" } })).ShouldBeError("KitaruNotFoundError");
    }

    [Fact]
    public async Task Tags_AreGivenAtTheStartAndAfterTheEnd()
    {
        var server = await StartServerAsync();
        var run = await server.CallAsync(
            "kitaru_executions_run", new { target = $"{Home.AddFlow("Trouble.cs")}:reads", tags = new[] { "nightly", "nightly", "first" }, wait_seconds = 50 });
        var id = (string)run.ShouldBeFine().Data["exec_id"]!;
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Data["tags"]!.ToJsonString().ShouldBe("""["nightly","first"]""");

        var tagged = await server.CallAsync("kitaru_executions_tag", new { exec_id = id, add = new[] { "kept" }, remove = new[] { "first", "never" } });

        tagged.ShouldHaveEnded("completed").Data["tags"]!.ToJsonString().ShouldBe("""["nightly","kept"]""");
        (await CountAsync(server, "kept")).ShouldBe(1);
        (await CountAsync(server, "first")).ShouldBe(0);
        (await server.CallAsync("kitaru_executions_tag", new { exec_id = id, add = new[] { new string('x', 129) } })).ShouldBeError("KitaruUsageError");
        (await server.CallAsync("kitaru_executions_tag", new { exec_id = id })).ShouldBeError("KitaruUsageError", "at least one tag");
    }

    private static Task<Answer> ExplainAsync(McpServer server, string id) => server.CallAsync("kitaru_executions_explain", new { exec_id = id });

    private static Task<Answer> SendAsync(McpServer server, JsonNode call) => server.CallAsync(call["tool"]!.ToString(), call["arguments"]!);

    private static JsonNode Evidence(JsonObject explained, string what) =>
        explained["evidence"]!.AsArray().First(item => item!["what"]!.ToString() == what)!["value"]!;

    private static async Task<long> CountAsync(McpServer server, string tag) =>
        (long)(await server.CallAsync("kitaru_executions_list", new { tags = new[] { tag } })).ShouldBeFine().Data["total"]!;

    private static async Task<JsonObject> UntilAsync(McpServer server, string id, string situation, Func<JsonObject, bool>? and = null)
    {
        JsonObject last = [];
        try
        {
            await Until.ValueAsync<bool>(
                async () =>
                {
                    last = (await ExplainAsync(server, id)).ShouldBeFine().Data;
                    return last["situation"]!.ToString() == situation && and?.Invoke(last) != false ? true : null;
                },
                $"{id} is {situation}");
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message} It is: {last.ToJsonString()}");
        }
        return last;
    }
}
