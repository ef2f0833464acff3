using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Core;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.ServerTests.Mcp;

/// <summary>Deployed flows as tools over HTTP: for whom, in both eras.</summary>
public sealed class McpFlowToolTests : IAsyncLifetime
{
    private const string Tool = "flow_greet";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Member_OfEitherEra_IsToldOfTheTool_AndCallsIt(string version)
    {
        await _server.DeployAsync();
        using var http = _server.Http(TestTokens.Member);
        await using var client = await ConnectAsync(http, version);
        (await client.ListToolsAsync()).ShouldNotContain(tool => tool.Name == Tool);
        var told = Channel.CreateUnbounded<bool>();
        await using var hearing = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, stop) => told.Writer.WriteAsync(true, stop));
        using var enough = new CancellationTokenSource();
        await ListenAsync(client, version, enough.Token);

        await (await _server.StoreAsync()).Deployments.TagAsync(DeployedFlow.Name, 1, "mcp", exclusive: true);

        await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        (await client.ListToolsAsync()).Select(tool => tool.Name).Last().ShouldBe(Tool);
        var answer = JsonObject.Create((await client.CallToolAsync(Tool, new Dictionary<string, object?> { ["name"] = "Ann" })).StructuredContent!.Value)!;
        answer["selector"]!.ToJsonString().ShouldBe("""{"version":null,"tag":"mcp"}""");
        var store = await _server.StoreAsync();
        (await store.Executions.GetAsync(ExecutionId.Parse(answer["exec_id"]!.ToString()))).Execution.Deployment!.Version.ShouldBe(1);
        await enough.CancelAsync();
    }

    [Fact]
    public async Task ViewerAndOthers_HaveNoSuchTool()
    {
        await _server.DeployAsync("mcp");
        using var viewer = _server.Http(TestTokens.Viewer);
        using var other = _server.Http(TestTokens.OfOther);
        using var member = _server.Http(TestTokens.Member);

        (await ToolsAsync(member)).ShouldContain(Tool);
        (await ToolsAsync(member, "/mcp?toolsets=deployments")).ShouldNotContain(Tool);
        (await ToolsAsync(member, "/mcp?toolsets=flows")).ShouldBe([Tool]);
        (await ToolsAsync(viewer)).ShouldNotContain(Tool);
        (await ToolsAsync(other)).ShouldNotContain(Tool);
        (await RefusedAsync(viewer)).ShouldContain("role viewer");
        (await RefusedAsync(other)).ShouldContain("There is no tool 'flow_greet'");
        (await (await _server.StoreAsync()).Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    private static async Task<List<string>> ToolsAsync(HttpClient http, string path = "/mcp")
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Message("tools/list"), ("path", path));
        return [.. (await answer.ResultAsync())["tools"]!.AsArray().Select(tool => tool!["name"]!.ToString())];
    }

    private static async Task<string> RefusedAsync(HttpClient http)
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Tool(Tool, new JsonObject { ["name"] = "Ann" }));
        return (await answer.ResultAsync())["structuredContent"]!["error"]!["message"]!.ToString();
    }

    private async Task<McpClient> ConnectAsync(HttpClient http, string version)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        return await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
    }

    /// <summary>Sessions are told by themselves.</summary>
    private static async Task ListenAsync(McpClient client, string version, CancellationToken stop)
    {
        if (version != McpCall.Stateless)
            return;
        var granted = new TaskCompletionSource<JsonNode>();
        client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (notification, _) =>
        {
            granted.TrySetResult(notification.Params!);
            return ValueTask.CompletedTask;
        });
        _ = client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.SubscriptionsListen,
                Params = JsonSerializer.SerializeToNode(
                    new SubscriptionsListenRequestParams { Notifications = new SubscriptionsListenNotifications { ToolsListChanged = true } }, McpJsonUtilities.DefaultOptions),
            },
            stop);
        (await granted.Task.WaitAsync(Patience, stop))["notifications"]!["toolsListChanged"]!.GetValue<bool>().ShouldBeTrue();
    }
}
