using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Replay;

/// <summary>A test on orders and their replays.</summary>
public abstract class OrderReplays : EndToEndTest
{
    private protected async Task<string> OrderAsync(McpServer server, string[] items, string ends = "completed")
    {
        var order = await server.RunToEndAsync($"{Home.AddFlow("Orders.cs")}:bill_order", new { ledger = Home.LedgerPath, items });
        return (string)order.ShouldHaveEnded(ends).Data["exec_id"]!;
    }

    private protected async Task<string> ReplayAsync(McpServer server, string id, string from, JsonObject? overrides = null, JsonObject? flowInputs = null)
    {
        var started = await server.CallAsync("kitaru_executions_replay", new { exec_id = id, from_ = from, overrides, flow_inputs = flowInputs });
        var replay = (string)started.ShouldBeFine().Data["execution"]!["exec_id"]!;
        (await server.RestAsync(replay)).ShouldHaveEnded("completed");
        return replay;
    }

    private protected static Task<Answer> DiffAsync(McpServer server, string original, params string[] executions) =>
        server.CallAsync("kitaru_executions_diff", new { original, executions = executions.Length == 0 ? null : executions });

    private protected static IEnumerable<string> Rows(JsonNode compared) => compared["checkpoints"]!.AsArray()
        .Select(row => $"{row!["name"]} {row["action"]}{((bool)row["changed"]! ? " changed" : "")}");

    private protected static string Summary(JsonNode compared) => compared["summary"]!.ToJsonString();
}
