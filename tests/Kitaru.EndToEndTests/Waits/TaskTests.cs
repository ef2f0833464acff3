using System.Text.Json.Nodes;
using Kitaru.EndToEndTests.World;

namespace Kitaru.EndToEndTests.Waits;

/// <summary>Tasks of the protocol, across the end of the server that gave them out.</summary>
public sealed class TaskTests : EndToEndTest
{
    [Fact]
    public async Task TaskOfAKilledServer_IsFoundAnsweredAndFinishedByANewClient()
    {
        var server = await StartServerAsync();
        var handle = await StartTaskAsync(server);
        (handle["resultType"]!.ToString(), handle["status"]!.ToString()).ShouldBe(("task", "working"));
        var id = handle["taskId"]!.ToString();
        server.Kill();

        server = await StartServerAsync();
        var asked = await UntilAsync(server, id, "input_required");
        await AnswerAsync(server, id, asked, new JsonObject { ["value"] = true });
        asked = await UntilAsync(server, id, "input_required", except: asked["inputRequests"]!.AsObject().Single().Key);
        server.Kill();

        server = await StartServerAsync();
        await AnswerAsync(server, id, await server.TaskAsync("tasks/get", id), new JsonObject { ["Amount"] = 3, ["Currency"] = "EUR" });
        var done = await UntilAsync(server, id, "completed");
        done["result"]!["structuredContent"]!["execution"]!["result"]!.ToString().ShouldBe("True 3 EUR");
        Home.Ledger.Lines.ShouldBe(["prepare", "between"]);
    }

    [Fact]
    public async Task CancelledTask_EndsItsExecution()
    {
        var server = await StartServerAsync();
        var id = (await StartTaskAsync(server))["taskId"]!.ToString();
        await UntilAsync(server, id, "input_required");
        await server.TaskAsync("tasks/cancel", id);
        (await UntilAsync(server, id, "cancelled")).ContainsKey("result").ShouldBeFalse();
    }

    private Task<JsonObject> StartTaskAsync(McpServer server) => server.TaskCallAsync("tools/call", new JsonObject
    {
        ["name"] = "kitaru_executions_run",
        ["arguments"] = new JsonObject { ["target"] = $"{Home.AddFlow("Questions.cs")}:ask_twice", ["args"] = new JsonObject { ["ledger"] = Home.LedgerPath, ["staySeconds"] = 600 } },
    });

    private static Task<JsonObject> AnswerAsync(McpServer server, string id, JsonObject asked, JsonObject content) => server.TaskCallAsync("tasks/update", new JsonObject
    {
        ["taskId"] = id,
        ["inputResponses"] = new JsonObject { [asked["inputRequests"]!.AsObject().Single().Key] = new JsonObject { ["action"] = "accept", ["content"] = content } },
    });

    private static async Task<JsonObject> UntilAsync(McpServer server, string id, string status, string? except = null)
    {
        var last = new JsonObject();
        await Until.ValueAsync(async () =>
        {
            last = await server.TaskAsync("tasks/get", id);
            return last["status"]!.ToString() == status && (except is null || !last["inputRequests"]!.AsObject().ContainsKey(except)) ? true : (bool?)null;
        }, $"the task is {status}");
        return last;
    }
}
