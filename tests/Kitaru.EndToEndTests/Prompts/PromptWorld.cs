using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Prompts;

/// <summary>The executions the transcripts speak of, by the names they have there.</summary>
internal sealed class PromptWorld(McpServer server, string file)
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal) { ["{{file}}"] = file };

    public async Task SeedAsync()
    {
        await RunAsync("completed_nightly", "research_agent", new { topic = "tea" }, "nightly");
        await RunAsync("completed_customer", "research_agent", new { topic = "coffee" }, "customer-facing");
        await RunAsync("failed_nightly", "quote_agent", new { symbol = "ACME" }, "nightly");
        await RunAsync("failed_customer", "quote_agent", new { symbol = "ZZZ" }, "customer-facing");
        await RunAsync("waiting", "publish_agent", new { topic = "durable execution" }, "nightly");
    }

    public bool Knows(string placeholder) => _values.ContainsKey(placeholder);

    public string Value(string placeholder) => _values[placeholder];

    /// <summary>A text of a transcript with the ids of this world.</summary>
    public string Fill(string text) => _values.Aggregate(text, (filled, pair) => filled.Replace(pair.Key, pair.Value, StringComparison.Ordinal));

    /// <summary>An execution that a call of the transcript started.</summary>
    public void Learn(Answer answer)
    {
        var started = (string?)answer.Data["exec_id"] ?? (string?)(answer.Data["execution"] as JsonObject)?["exec_id"];
        if (started is not null && !_values.ContainsValue(started))
            _values[$"{{{{exec:started_{_values.Keys.Count(key => key.StartsWith("{{exec:started_", StringComparison.Ordinal)) + 1}}}}}"] = started;
    }

    private async Task RunAsync(string role, string flow, object args, string tag)
    {
        var started = (await server.CallAsync("kitaru_executions_run", new { target = $"{file}:{flow}", args, tags = new[] { tag } })).ShouldBeFine();
        var execution = await server.RestAsync((string)started.Data["exec_id"]!);
        _values[$"{{{{exec:{role}}}}}"] = (string)execution.Data["exec_id"]!;
        foreach (var call in execution.Checkpoints)
            _values[$"{{{{call:{role}:{call!["name"]}}}}}"] = (string)call["call_id"]!;
    }
}
