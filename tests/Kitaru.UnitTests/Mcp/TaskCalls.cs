using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

/// <summary>Messages of a client with tasks, which the SDK's own client is not.</summary>
internal static class TaskCalls
{
    /// <summary>The result of a message as a client of 2026-07-28 sends it.</summary>
    public static async Task<JsonObject> TaskCallAsync(this McpBench bench, string method, JsonObject parameters, JsonObject? extensions = null, bool canElicit = true)
    {
        var can = new JsonObject { ["extensions"] = extensions ?? new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } };
        if (canElicit)
            can["elicitation"] = new JsonObject();
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = can,
        };
        var answer = await bench.Client.SendRequestAsync(new JsonRpcRequest { Method = method, Params = parameters });
        return answer.Result!.AsObject();
    }

    public static Task<JsonObject> TaskAsync(this McpBench bench, string method, string id) => bench.TaskCallAsync(method, new JsonObject { ["taskId"] = id });

    public static Task<JsonObject> UpdateAsync(this McpBench bench, string id, string key, string response) =>
        bench.TaskCallAsync("tasks/update", new JsonObject { ["taskId"] = id, ["inputResponses"] = new JsonObject { [key] = JsonNode.Parse(response) } });
}
