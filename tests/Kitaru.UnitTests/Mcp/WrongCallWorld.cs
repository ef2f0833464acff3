using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.UnitTests.Mcp;

/// <summary>One store with something of everything, on which calls go wrong.</summary>
public sealed class WrongCallWorld : IAsyncLifetime
{
    private readonly Dictionary<string, string> _names = [];

    internal McpBench Bench { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Bench = await McpBench.StartAsync();
        _names["queued"] = (await Story.QueuedAsync(Bench)).Id.ToString();
        _names["running"] = (await (await Story.RunningAsync(Bench)).CallAsync("fetch", Story.Json(1))).Id.ToString();
        _names["waiting"] = (await (await Story.RunningAsync(Bench)).WaitAsync("approve", "Publish?", """{"type":"boolean"}""")).Id.ToString();
        var completed = await (await Story.RunningAsync(Bench)).CallAsync("fetch", Story.Json(1));
        _names["completed"] = (await completed.EndAsync(ExecutionStatus.Completed, Story.Json("done"))).Id.ToString();
        _names["failed"] = (await (await Story.RunningAsync(Bench)).EndAsync(ExecutionStatus.Failed, failure: new Failure("It broke.", null, null, FailureOrigin.UserCode))).Id.ToString();
        var cancelled = await Story.QueuedAsync(Bench);
        await Bench.SuccessAsync("kitaru_executions_cancel", $$"""{"exec_id":"{{cancelled.Id}}"}""");
        _names["cancelled"] = cancelled.Id.ToString();
        _names["nobody"] = "0199c0de-0000-7000-8000-000000000000";
        await Bench.DeployAsync();
        await Bench.DeployAsync(tags: ("both", false));
        await Bench.DeployAsync(tags: [("both", false), ("canary", true)]);
        await Bench.SuccessAsync("manage_stack", """{"action":"create","name":"taken","activate":false}""");
        // Makes the key that confirmations are sealed with.
        await Bench.SuccessAsync("kitaru_executions_bulk", """{"action":"cancel","flow":"research_agent"}""");
        await Bench.SuccessAsync("kitaru_secrets_create", """{"name":"taken","values":{"KEY":"hunter1-hunter1"}}""");
    }

    public Task DisposeAsync() => Bench.DisposeAsync().AsTask();

    /// <summary>A call's arguments, <c>{failed}</c> and so on replaced by the ids of such executions.</summary>
    public string Fill(string arguments) => _names.Aggregate(arguments, (text, name) => text.Replace($"\"{{{name.Key}}}", $"\"{name.Value}", StringComparison.Ordinal));

    /// <summary>Everything a caller could have changed, and the files beside it.</summary>
    internal async Task<string> LookAsync()
    {
        var seen = new JsonArray();
        foreach (var (tool, arguments) in new[]
        {
            ("kitaru_executions_list", """{"limit":100}"""), ("kitaru_deployments_list", """{"limit":100}"""), ("kitaru_stacks_list", "{}"), ("kitaru_secrets_list", "{}"),
        })
        {
            seen.Add(await Bench.SuccessAsync(tool, arguments));
        }
        foreach (var status in new[] { "queued", "running", "waiting", "completed", "failed", "cancelled" })
            seen.Add(await Bench.SuccessAsync("kitaru_executions_get", $$"""{"exec_id":"{{_names[status]}}"}"""));
        var root = Bench.Backend.Client.Directory.Root;
        foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => !file.Contains(".db", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            seen.Add(Path.GetRelativePath(root, file));
        return seen.ToJsonString();
    }
}
