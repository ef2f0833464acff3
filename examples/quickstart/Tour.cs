using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Kitaru.Quickstart;

/// <summary>The walk through: start, kill, recover, answer, read.</summary>
internal sealed class Tour(Places places, Transcript transcript)
{
    private readonly Ledger _ledger = new(places.Ledger);

    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var kitaru = await KitaruServer.StartAsync(places, transcript, cancellationToken);
        await GreetAsync(kitaru, cancellationToken);
        var id = await StartAsync(kitaru, cancellationToken);
        await KillAsync(kitaru, id, cancellationToken);
        var waiting = await RecoverAsync(kitaru, id, cancellationToken);
        await AnswerAsync(kitaru, id, waiting, cancellationToken);
        await FinishAsync(kitaru, id, cancellationToken);
        await ReadAsync(kitaru, id, cancellationToken);
        OwnAssistant.Print(transcript, places);
        return transcript.IsRight;
    }

    private async Task GreetAsync(KitaruServer kitaru, CancellationToken cancellationToken)
    {
        transcript.Title("Start kitaru-mcp and see what it offers");
        var tools = await kitaru.ToolsAsync(cancellationToken);
        transcript.Line($"{kitaru.Name} with {tools.Count} tools: {string.Join(", ", tools)}");
    }

    private async Task<string> StartAsync(KitaruServer kitaru, CancellationToken cancellationToken)
    {
        transcript.Title("Run a flow from a plain .cs file");
        var watch = Stopwatch.StartNew();
        var started = await kitaru.CallAsync(
            "kitaru_executions_run",
            new JsonObject
            {
                ["target"] = $"{Path.GetRelativePath(Places.Example, Places.Flow)}:work_inbox",
                ["args"] = new JsonObject { ["folder"] = Places.Tickets, ["ledger"] = places.Ledger },
            },
            cancellationToken);
        var id = started["exec_id"]!.GetValue<string>();
        transcript.Line($"execution {id}, {Seconds(watch.Elapsed)} after the call, the compiler included");
        return id;
    }

    private async Task KillAsync(KitaruServer kitaru, string id, CancellationToken cancellationToken)
    {
        transcript.Title("Kill its worker in the middle of a checkpoint, as a crash would");
        var began = await _ledger.BeginningOfAsync("write_digest", cancellationToken);
        await UntilAsync(kitaru, id, "write_digest is running", execution => execution["checkpoints"]!.AsArray()
            .Any(one => one!["name"]!.GetValue<string>() == "write_digest"), 0, cancellationToken);
        using (var worker = Process.GetProcessById(began.ProcessId))
        {
            worker.Kill();
            await worker.WaitForExitAsync(cancellationToken);
        }
        transcript.Line($"kill -9 {began.ProcessId}, which was inside write_digest; {_ledger.Read().Count(entry => entry.Verb == "done")} checkpoints were done");
        transcript.Check("the interrupted checkpoint had not finished", _ledger.Count("write_digest") is [(_, 1, 0)]);
    }

    private async Task<JsonObject> RecoverAsync(KitaruServer kitaru, string id, CancellationToken cancellationToken)
    {
        transcript.Title("Watch it recover by itself and stop at its question");
        var waiting = await UntilStatusAsync(kitaru, id, "waiting", cancellationToken);
        var work = _ledger.Count("read_tickets", "triage", "draft_reply");
        transcript.Check($"{work.Count} finished checkpoints ran once", work.Count == 13 && work.All(one => one is (_, 1, 1)));
        transcript.Check("the interrupted one ran again, in a new process", _ledger.Count("write_digest") is [(_, 2, 1)] && Processes().Length == 2);
        transcript.Check("Kitaru knows that it took over", waiting["takeovers"]!.GetValue<int>() == 1);
        var wait = waiting["pending_wait"]!;
        transcript.Line($"question  {wait["question"]}");
        transcript.Line($"wants     {wait["schema"]!.ToJsonString()}");
        return waiting;
    }

    private async Task AnswerAsync(KitaruServer kitaru, string id, JsonObject waiting, CancellationToken cancellationToken)
    {
        transcript.Title("Answer it: a wrong type first, then a right one");
        var wait = waiting["pending_wait"]!["name"]!.GetValue<string>();
        try
        {
            await kitaru.CallAsync(
                "kitaru_executions_input", new JsonObject { ["exec_id"] = id, ["wait"] = wait, ["value"] = "sure" }, cancellationToken);
            transcript.Check("an answer of the wrong type is refused", false);
        }
        catch (ToolFailedException refused)
        {
            transcript.Line(refused.Answer.Length > 300 ? refused.Answer[..300] + " ..." : refused.Answer);
            transcript.Check("an answer of the wrong type is refused", true);
        }
        await kitaru.CallAsync(
            "kitaru_executions_input",
            new JsonObject { ["exec_id"] = id, ["wait"] = wait, ["value"] = new JsonObject { ["Approved"] = true, ["Note"] = "go ahead" } },
            cancellationToken);
    }

    private async Task FinishAsync(KitaruServer kitaru, string id, CancellationToken cancellationToken)
    {
        transcript.Title("It goes on by itself");
        var completed = await UntilStatusAsync(kitaru, id, "completed", cancellationToken);
        var result = completed["result"]!;
        foreach (var sent in result["Sent"]!.AsArray())
            transcript.Line($"{sent}");
        transcript.Line($"{result["Tickets"]} tickets, {result["Urgent"]} urgent, {result["RefundedEuro"]} EUR paid back");
        transcript.Check("every reply was sent once", _ledger.Count("send_reply") is { Count: 6 } sends && sends.All(one => one is (_, 1, 1)));
        transcript.Check("the result is right", result["Tickets"]!.GetValue<int>() == 6 && result["RefundedEuro"]!.GetValue<int>() == 169);
        var checkpoints = completed["checkpoints"]!.AsArray();
        transcript.Check("20 checkpoint calls are on record, the killed attempt among them",
            checkpoints.Count == 20
            && checkpoints.Single(one => one!["name"]!.GetValue<string>() == "write_digest")!["attempts"]!.AsArray().Count == 2);
    }

    private async Task ReadAsync(KitaruServer kitaru, string id, CancellationToken cancellationToken)
    {
        transcript.Title("Read its log and what it recorded");
        var log = await kitaru.CallAsync("get_execution_logs", new JsonObject { ["exec_id"] = id, ["limit"] = 7 }, cancellationToken);
        transcript.Line(log["result"]!.GetValue<string>());
        var list = await kitaru.CallAsync(
            "kitaru_artifacts_list", new JsonObject { ["exec_id"] = id, ["kind"] = "response", ["name"] = "reply_1041" }, cancellationToken);
        var artifact = await kitaru.CallAsync(
            "kitaru_artifacts_get", new JsonObject { ["artifact_id"] = list["result"]![0]!["artifact_id"]!.DeepClone() }, cancellationToken);
        transcript.Line(artifact["value"]!.GetValue<string>());
        transcript.Check("log and artifacts are there", log["result"]!.GetValue<string>().Contains("replied", StringComparison.Ordinal)
            && artifact["value"]!.GetValue<string>().StartsWith("Dear Ada", StringComparison.Ordinal));
    }

    private Task<JsonObject> UntilStatusAsync(KitaruServer kitaru, string id, string status, CancellationToken cancellationToken) =>
        UntilAsync(kitaru, id, status, execution => execution["status"]!.GetValue<string>() == status, 50, cancellationToken);

    /// <summary>Asks until it is so; with seconds to wait, the server answers as soon as the execution ends or asks for input.</summary>
    private async Task<JsonObject> UntilAsync(
        KitaruServer kitaru, string id, string what, Func<JsonObject, bool> isSo, int waitSeconds, CancellationToken cancellationToken)
    {
        var arguments = new JsonObject { ["exec_id"] = id, ["wait_seconds"] = waitSeconds };
        transcript.Call("kitaru_executions_get", arguments.ToJsonString());
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var execution = await kitaru.AskAsync("kitaru_executions_get", arguments, cancellationToken);
            if (isSo(execution))
            {
                transcript.Line($"{what} after {Seconds(watch.Elapsed)}");
                return execution;
            }
            var now = execution["status"]!.GetValue<string>();
            if (now is "failed" or "cancelled" or "completed")
                throw new ToolFailedException("kitaru_executions_get", $"{now}: {execution["failure"]?["message"] ?? execution["status_reason"]}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    private int[] Processes() => [.. _ledger.Read().Select(entry => entry.ProcessId).Distinct()];

    private static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
