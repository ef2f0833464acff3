using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Core;
using Kitaru.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.ServerTests.Mcp;

/// <summary>Prompts, resources, their changes and completions over HTTP, with the rights and the project of the token.</summary>
public sealed class McpResourceTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_OfEitherEra_ReadsCompletesAndIsToldOfChanges(string version)
    {
        var store = await _server.StoreAsync();
        var execution = await store.Executions.CreateAsync(Some.Execution());
        var uri = $"kitaru://executions/{execution.Id}";
        using var http = _server.Http(TestTokens.Viewer);
        await using var client = await ConnectAsync(http, version);

        (await client.ListResourcesAsync()).Select(one => one.Uri).ShouldBe([uri]);
        (await client.ListResourceTemplatesAsync()).Count.ShouldBe(ResourceCatalog.All.Count);
        var read = (await client.ReadResourceAsync(uri)).Contents.ShouldHaveSingleItem().ShouldBeOfType<TextResourceContents>();
        JsonNode.Parse(read.Text)!["flow_name"]!.ToString().ShouldBe("greet");
        var ids = await client.CompleteAsync(new ResourceTemplateReference { Uri = "kitaru://executions/{exec_id}" }, "exec_id", "");
        ids.Completion.Values.ShouldBe([execution.Id.ToString()]);
        (await client.ListPromptsAsync()).Select(prompt => prompt.Name).ShouldBe(["status", "health", "tag_cohorts", "results"]);

        var updates = Channel.CreateUnbounded<string>();
        await using var hearing = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (notification, stop) => updates.Writer.WriteAsync(notification.Params!["uri"]!.ToString(), stop));
        var listening = await WatchAsync(client, version, uri);
        await McpEnded.AsAsync(store, execution.Id, ExecutionStatus.Completed);
        (await updates.Reader.ReadAsync().AsTask().WaitAsync(Patience)).ShouldBe(uri);
        await listening.WaitAsync(Patience);
    }

    [Fact]
    public async Task Member_OnASharedServer_HasPromptsForWhatIsDeployed()
    {
        using var http = _server.Http(TestTokens.Member);
        await using var client = await ConnectAsync(http, McpCall.Stateless);
        (await client.ListPromptsAsync()).Select(prompt => prompt.Name).ShouldBe(["status", "health", "tag_cohorts", "start_and_watch", "resolve_a_wait", "replay", "results", "stack"]);
    }

    [Fact]
    public async Task OtherProject_IsNotSeen()
    {
        var execution = await (await _server.StoreAsync()).Executions.CreateAsync(Some.Execution());
        using var http = _server.Http(TestTokens.OfOther);
        await using var client = await ConnectAsync(http, McpCall.Stateless);
        (await client.ListResourcesAsync()).ShouldBeEmpty();
        (await client.CompleteAsync(new ResourceTemplateReference { Uri = "kitaru://executions/{exec_id}" }, "exec_id", "")).Completion.Values.ShouldBeEmpty();
        var refused = await Should.ThrowAsync<McpProtocolException>(async () => await client.ReadResourceAsync($"kitaru://executions/{execution.Id}"));
        refused.ErrorCode.ShouldBe(McpErrorCode.InvalidParams);
        refused.Message.ShouldContain("There is no execution");
    }

    [Fact]
    public async Task Toolsets_OfTheAddress_HoldForResources()
    {
        using var http = _server.Http(TestTokens.Member);
        using var answer = await McpCall.SendAsync(http, McpCall.Message("resources/templates/list"), ("path", "/mcp?toolsets=deployments"));
        (await answer.ResultAsync())["resourceTemplates"]!.AsArray().ShouldAllBe(one => one!["uriTemplate"]!.ToString().StartsWith("kitaru://deployments"));
    }

    private async Task<McpClient> ConnectAsync(HttpClient http, string version)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        return await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
    }

    /// <summary>Watches; what is returned ends when the server has nothing more to tell.</summary>
    private static async Task<Task> WatchAsync(McpClient client, string version, string uri)
    {
        if (version != McpCall.Stateless)
        {
            await client.SubscribeToResourceAsync(uri);
            return Task.CompletedTask;
        }
        var acknowledged = new TaskCompletionSource<JsonNode>();
        client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (notification, _) =>
        {
            acknowledged.TrySetResult(notification.Params!);
            return ValueTask.CompletedTask;
        });
        var listening = client.SendRequestAsync(new JsonRpcRequest
        {
            Method = RequestMethods.SubscriptionsListen,
            Params = JsonSerializer.SerializeToNode(
                new SubscriptionsListenRequestParams { Notifications = new SubscriptionsListenNotifications { ResourceSubscriptions = [uri] } }, McpJsonUtilities.DefaultOptions),
        });
        (await acknowledged.Task.WaitAsync(Patience))["notifications"]!["resourceSubscriptions"]!.AsArray().Count.ShouldBe(1);
        return listening;
    }
}
