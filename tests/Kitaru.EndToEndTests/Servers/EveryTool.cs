using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;
using Kitaru.PostgresForTests;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>One transcript that calls every tool; what is asked and what is answered does not depend on where Kitaru runs.</summary>
/// <param name="call">Calls a tool.</param>
/// <param name="list">The tools there are.</param>
/// <param name="target">The flow.</param>
internal sealed class EveryTool(Func<string, object, Task<Answer>> call, Func<Task<IReadOnlyList<string>>> list, string target)
{
    private readonly HashSet<string> _called = [];

    public async Task RunAsync()
    {
        await CallAsync("kitaru_status", new { });
        await CallAsync("kitaru_info", new { });
        await StacksAndSecretsAsync();
        var (completed, failed) = await ExecutionsAsync();
        await ReadingAsync(completed);
        await ReplayingAsync(completed, failed);
        await DeploymentsAsync();
        await CallAsync("kitaru_executions_bulk", new { action = "retry", exec_ids = new[] { failed } });
        await CallAsync("kitaru_executions_delete", new { exec_id = failed });
        await CallAsync("kitaru_executions_prune", new { older_than_days = 1 });
        await CallAsync("kitaru_store_size", new { });
        var there = await list();
        // A server neither starts, stops nor cleans itself for its clients.
        if (there.Contains("kitaru_stop_local_server"))
        {
            await CallAsync("kitaru_clean_preview", new { scope = "global" });
            await CallAsync("kitaru_stop_local_server", new { });
            await CallAsync("kitaru_start_local_server", new { port = Ports.Free() });
            await CallAsync("kitaru_stop_local_server", new { });
        }
        there.Except(_called).ShouldBeEmpty();
    }

    private async Task StacksAndSecretsAsync()
    {
        await CallAsync("manage_stack", new { action = "create", name = "local-dev", activate = false });
        (await CallAsync("kitaru_stacks_list", new { })).Text.ShouldContain("local-dev");
        await CallAsync("manage_stack", new { action = "delete", name = "local-dev", force = true });
        await CallAsync("kitaru_secrets_create", new { name = "tokens", values = new { A = "very-secret-value" } });
        (await CallAsync("kitaru_secrets_list", new { })).Text.ShouldNotContain("very-secret-value");
    }

    private async Task<(string Completed, string Failed)> ExecutionsAsync()
    {
        var run = await CallAsync("kitaru_executions_run", new { target, args = new { topic = "tea" }, wait_seconds = 50 });
        var id = (string)run.Data["exec_id"]!;
        await UntilAsync(id, "waiting");
        await CallAsync("kitaru_executions_explain", new { exec_id = id });
        (await call("kitaru_executions_resume", new { exec_id = id })).ShouldBeError("KitaruStateError", "approve");
        _called.Add("kitaru_executions_resume");
        await CallAsync("kitaru_executions_tag", new { exec_id = id, add = (string[])["nightly"] });
        await CallAsync("kitaru_executions_input", new { exec_id = id, wait = "approve", value = true });
        ((string)(await UntilAsync(id, "completed")).Data["result"]!).ShouldBe("draft of notes on tea");

        var second = (string)(await CallAsync("kitaru_executions_run", new { target, args = new { topic = "mate" }, wait_seconds = 50 })).Data["exec_id"]!;
        await UntilAsync(second, "waiting");
        await CallAsync("kitaru_executions_abort_wait", new { exec_id = second, wait = "approve" });
        await UntilAsync(second, "cancelled");
        await CallAsync("kitaru_executions_cancel", new { exec_id = second });

        var broken = (string)(await CallAsync("kitaru_executions_run", new { target, args = new { topic = "rum", breaks = true }, wait_seconds = 50 })).Data["exec_id"]!;
        await UntilAsync(broken, "failed");
        await CallAsync("kitaru_executions_retry", new { exec_id = broken });
        await UntilAsync(broken, "failed");
        return (id, broken);
    }

    private async Task ReadingAsync(string id)
    {
        ((int)(await CallAsync("kitaru_executions_list", new { tags = (string[])["nightly"] })).Data["total"]!).ShouldBe(1);
        await CallAsync("kitaru_executions_latest", new { status = "completed", flow = "tour" });
        await CallAsync("kitaru_executions_statistics", new { group_by = (string[])["status"] });
        (await CallAsync("get_execution_logs", new { exec_id = id })).Text.ShouldContain("gathering tea");
        var artifacts = (await CallAsync("kitaru_artifacts_list", new { exec_id = id, kind = "response" })).Data["result"]!.AsArray();
        (await CallAsync("kitaru_artifacts_get", new { artifact_id = (string)artifacts[0]!["artifact_id"]! })).Text.ShouldContain("notes on tea");
    }

    private async Task ReplayingAsync(string completed, string failed)
    {
        var replay = await CallAsync("kitaru_executions_replay", new { exec_id = completed, from_ = "write", overrides = JsonNode.Parse("""{"checkpoint.gather": "better notes"}"""), wait_seconds = 50 });
        var id = (string)replay.Data["execution"]!["exec_id"]!;
        var ended = await UntilAsync(id, "waiting", "completed");
        if (ended.Status == "waiting")
            await CallAsync("kitaru_executions_input", new { exec_id = id, wait = "approve", value = true });
        await UntilAsync(id, "completed");
        await CallAsync("kitaru_executions_diff", new { original = completed, executions = (string[])[id] });
        await CallAsync("kitaru_executions_diff_matrix", new { exec_ids = (string[])[completed] });
        await CallAsync("kitaru_executions_cohort", new { flow = "tour", at = "gather" });
        await CallAsync("kitaru_executions_replay_many", new { exec_ids = (string[])[completed], at = "write", dry_run = true });
        await CallAsync("kitaru_executions_explain", new { exec_id = failed });
    }

    private async Task DeploymentsAsync()
    {
        await CallAsync("kitaru_deployments_deploy", new { target, inputs = new { topic = "deployed" }, tag = "canary", exclusive = true });
        await CallAsync("kitaru_deployments_deploy", new { target, inputs = new { topic = "again" } });
        var invoked = await CallAsync("kitaru_deployments_invoke", new { flow = "tour", tag = "canary", wait_seconds = 50 });
        var id = (string)invoked.Data["exec_id"]!;
        await UntilAsync(id, "waiting");
        await CallAsync("kitaru_executions_input", new { exec_id = id, wait = "approve", value = false });
        ((string)(await UntilAsync(id, "completed")).Data["result"]!).ShouldBe("rejected");
        await CallAsync("kitaru_deployments_list", new { flow = "tour" });
        await CallAsync("kitaru_deployments_get", new { flow = "tour", version = 2 });
        await CallAsync("kitaru_deployments_tag", new { flow = "tour", tag = "stable", version = 2, exclusive = true });
        await CallAsync("kitaru_deployments_untag", new { flow = "tour", tag = "stable", version = 2 });
        await CallAsync("kitaru_deployments_untag", new { flow = "tour", tag = "canary", version = 1 });
        await CallAsync("kitaru_deployments_delete", new { flow = "tour", version = 1 });
    }

    private async Task<Answer> UntilAsync(string id, params string[] statuses)
    {
        for (var turn = 0; turn < 4; turn++)
        {
            var now = await CallAsync("kitaru_executions_get", new { exec_id = id, wait_seconds = 30 });
            if (statuses.Contains(now.Status))
                return now;
        }
        throw new TimeoutException($"Execution {id} did not become {string.Join(" or ", statuses)}.");
    }

    private async Task<Answer> CallAsync(string tool, object arguments)
    {
        _called.Add(tool);
        var answer = await call(tool, arguments);
        answer.IsError.ShouldBeFalse($"{tool}: {answer.Text}");
        return answer;
    }
}
