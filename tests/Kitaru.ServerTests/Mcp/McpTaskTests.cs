using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.ServerTests.Mcp;

/// <summary>Tasks and approvals over HTTP: for whom they are, in both eras.</summary>
public sealed class McpTaskTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Input_ByAClientThatCanAsk_StoresWhatTheUserSays(string version)
    {
        var id = await AskingAsync();
        using var http = _server.Http(TestTokens.Member);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions
        {
            ProtocolVersion = version,
            Capabilities = new ClientCapabilities { Elicitation = new ElicitationCapability() },
            Handlers = new McpClientHandlers
            {
                ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept", Content = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"value":false}""") }),
            },
        });

        var answer = await client.CallToolAsync("kitaru_executions_input", new Dictionary<string, object?> { ["exec_id"] = id.ToString(), ["wait"] = "approve", ["value"] = true });

        (answer.IsError ?? false).ShouldBeFalse();
        var wait = (await (await _server.StoreAsync()).Executions.GetAsync(id)).Waits.ShouldHaveSingleItem();
        System.Text.Encoding.UTF8.GetString(wait.Answer!.Inline!).ShouldBe("false");
        wait.ResolvedBy.ShouldNotBeNull().ShouldStartWith("Member (mcp:");
        wait.ResolvedBy.ShouldEndWith("its user was asked");
    }

    [Fact]
    public async Task Task_IsItsProjectsAlone_AndChangedByNoViewer()
    {
        var id = $"run.{await AskingAsync()}";
        using var member = _server.Http(TestTokens.Member);
        using var viewer = _server.Http(TestTokens.Viewer);
        using var other = _server.Http(TestTokens.OfOther);

        var seen = (await SendAsync(viewer, "tasks/get", id))["result"]!;
        seen["status"]!.ToString().ShouldBe("input_required");
        (await SendAsync(other, "tasks/get", id))["error"]!["code"]!.GetValue<int>().ShouldBe(-32602);
        (await SendAsync(other, "tasks/cancel", id))["error"]!["code"]!.GetValue<int>().ShouldBe(-32602);
        (await SendAsync(viewer, "tasks/cancel", id))["error"]!["message"]!.ToString().ShouldContain("role viewer");

        var responses = new JsonObject { [seen["inputRequests"]!.AsObject().Single().Key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["value"] = true } } };
        (await SendAsync(viewer, "tasks/update", id, responses))["error"]!["message"]!.ToString().ShouldContain("role viewer");
        (await SendAsync(member, "tasks/update", id, responses))["result"]!["resultType"]!.ToString().ShouldBe("complete");
        (await SendAsync(member, "tasks/get", id))["result"]!["status"]!.ToString().ShouldBe("working");
    }

    private async Task<ExecutionId> AskingAsync()
    {
        var store = await _server.StoreAsync();
        var created = await store.Executions.CreateAsync(Some.Execution());
        var worker = new WorkerId(Some.NewId());
        var lease = (await store.Workers.ClaimOneAsync(worker, Some.Code, created.Id)).ShouldNotBeNull().Lease;
        await store.Journal.OpenWaitAsync(lease, new NewWait("approve", "Publish?", new JsonObject { ["type"] = "boolean" }, null, created.CreatedAt));
        await store.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Waiting, null, null));
        return created.Id;
    }

    private static async Task<JsonObject> SendAsync(HttpClient http, string method, string id, JsonObject? responses = null)
    {
        var parameters = new JsonObject { ["taskId"] = id };
        if (responses is not null)
            parameters["inputResponses"] = responses.DeepClone();
        var message = McpCall.Message(method, parameters);
        message["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] =
            new JsonObject { ["elicitation"] = new JsonObject(), ["extensions"] = new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } };
        using var response = await McpCall.SendAsync(http, message, ("Mcp-Name", id));
        return await response.AnswerAsync();
    }
}
