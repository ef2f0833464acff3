using System.Text.Json.Nodes;
using Kitaru.Core;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.ServerTests.Mcp;

/// <summary>What a client has begun belongs to no connection and to no replica.</summary>
public sealed class McpReplicaTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Task_StartedOnOneReplica_IsFoundAnsweredAndFinishedThroughAnother()
    {
        await _server.DeployAsync("mcp");
        await using var second = await TestServer.StartAsync(directory: _server.Directory);
        using var one = _server.Http(TestTokens.Member);
        using var other = second.Http(TestTokens.Member);

        var handle = await SendAsync(one, "tools/call", "flow_greet", new JsonObject { ["name"] = "flow_greet", ["arguments"] = new JsonObject { ["name"] = "Ann" } });
        handle["resultType"]!.ToString().ShouldBe("task");
        var task = handle["taskId"]!.ToString();
        (await TaskAsync(other, "tasks/get", task))["status"]!.ToString().ShouldBe("working");

        var store = await _server.StoreAsync();
        var id = (await store.Executions.ListAsync(new ExecutionQuery())).Items.ShouldHaveSingleItem().Id;
        var lease = await store.ClaimAsync(id);
        await store.Journal.OpenWaitAsync(lease, new NewWait("approve", "Greet?", new JsonObject { ["type"] = "boolean" }, null, TimeProvider.System.GetUtcNow()));
        await store.Journal.ReleaseAsync(lease, new Release(ExecutionStatus.Waiting, null, null));

        var asked = await TaskAsync(other, "tasks/get", task);
        asked["status"]!.ToString().ShouldBe("input_required");
        var key = asked["inputRequests"]!.AsObject().Single().Key;
        var said = new JsonObject { ["taskId"] = task, ["inputResponses"] = new JsonObject { [key] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["value"] = true } } } };
        (await SendAsync(other, "tasks/update", task, said))["resultType"]!.ToString().ShouldBe("complete");
        await store.Journal.FinishAsync(await store.ClaimAsync(id), new Outcome(ExecutionStatus.Completed, null, Some.Json("\"Hello Ann\""), null, null));

        foreach (var replica in new[] { other, one })
        {
            var done = await TaskAsync(replica, "tasks/get", task);
            (done["status"]!.ToString(), done["result"]!["structuredContent"]!["execution"]!["status"]!.ToString()).ShouldBe(("completed", "completed"));
        }
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Call_ThatIsCancelled_LeavesTheExecutionToItself(string version)
    {
        await _server.DeployAsync("mcp");
        using var http = _server.Http(TestTokens.Member);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
        var store = await _server.StoreAsync();
        using var cancel = new CancellationTokenSource();

        var call = client.CallToolAsync("flow_greet", new Dictionary<string, object?> { ["name"] = "Ann", ["wait_seconds"] = 50 }, cancellationToken: cancel.Token);
        ExecutionRecord? started = null;
        var since = TimeProvider.System.GetTimestamp();
        while ((started = (await store.Executions.ListAsync(new ExecutionQuery())).Items.SingleOrDefault()) is null)
        {
            TimeProvider.System.GetElapsedTime(since).ShouldBeLessThan(Patience);
            await Task.Yield();
        }
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await call);

        // The next call is answered behind the cancellation, on this connection.
        var now = JsonObject.Create((await client.CallToolAsync("kitaru_executions_get", new Dictionary<string, object?> { ["exec_id"] = started.Id.ToString() })).StructuredContent!.Value)!;
        now["status"]!.ToString().ShouldBe("running");
        await store.Journal.FinishAsync(await store.ClaimAsync(started.Id), new Outcome(ExecutionStatus.Completed, null, Some.Json("1"), null, null));
        (await store.Executions.GetAsync(started.Id)).Execution.Status.ShouldBe(ExecutionStatus.Completed);
    }

    private static Task<JsonObject> TaskAsync(HttpClient http, string method, string task) => SendAsync(http, method, task, new JsonObject { ["taskId"] = task });

    private static async Task<JsonObject> SendAsync(HttpClient http, string method, string name, JsonObject parameters)
    {
        var message = McpCall.Message(method, parameters);
        message["params"]!["_meta"]!["io.modelcontextprotocol/clientCapabilities"] =
            new JsonObject { ["elicitation"] = new JsonObject(), ["extensions"] = new JsonObject { ["io.modelcontextprotocol/tasks"] = new JsonObject() } };
        using var response = await McpCall.SendAsync(http, message, ("Mcp-Name", name));
        return await response.ResultAsync();
    }
}
