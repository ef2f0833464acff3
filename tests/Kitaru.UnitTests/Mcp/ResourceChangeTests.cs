using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Core;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class ResourceChangeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Listen_LiveExecution_TellsOfChanges_AndEndsWithIt()
    {
        await using var bench = await McpBench.StartAsync(version: "2026-07-28");
        var story = await Story.RunningAsync(bench);
        var uri = $"kitaru://executions/{story.Id}";
        var acknowledged = new TaskCompletionSource<JsonNode>();
        var updates = new Updates(bench.Client);
        await using var hearing = bench.Client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (notification, _) =>
        {
            acknowledged.TrySetResult(notification.Params!);
            return ValueTask.CompletedTask;
        });

        var listening = ListenAsync(bench.Client, uri, uri + "/logs", "kitaru://executions/0199c0de-0000-7000-8000-000000000000");
        var first = await acknowledged.Task.WaitAsync(Patience);
        first["notifications"]!["resourceSubscriptions"]!.AsArray().Select(one => one!.ToString()).ShouldBe([uri, uri + "/logs"]);
        first["_meta"]![MetaKeys.SubscriptionId].ShouldNotBeNull();
        await story.CallAsync("load", Story.Json("notes"));
        await updates.OfAsync(uri);
        await story.LogAsync(Story.Line("hello"));
        (await updates.OfAsync(uri + "/logs"))["_meta"]![MetaKeys.SubscriptionId]!.ToJsonString().ShouldBe(first["_meta"]![MetaKeys.SubscriptionId]!.ToJsonString());
        await story.EndAsync(ExecutionStatus.Completed);
        await updates.OfAsync(uri);
        await listening.WaitAsync(Patience);
    }

    [Fact]
    public async Task Listen_ManyChanges_AreToldTogether()
    {
        await using var bench = await McpBench.StartAsync(version: "2026-07-28");
        var story = await Story.RunningAsync(bench);
        var updates = new Updates(bench.Client);
        var listening = ListenAsync(bench.Client, $"kitaru://executions/{story.Id}");
        const int calls = 100;
        for (var i = 0; i < calls; i++)
            await story.CallAsync($"step_{i}", Story.Json(i));
        await story.EndAsync(ExecutionStatus.Completed);
        await listening.WaitAsync(Patience);
        updates.Count.ShouldBeInRange(1, calls / 2);
    }

    [Fact]
    public async Task Listen_TooMany_IsRefused()
    {
        await using var bench = await McpBench.StartAsync(version: "2026-07-28");
        var uris = Enumerable.Range(0, 65).Select(i => $"kitaru://executions/{Guid.CreateVersion7()}").ToArray();
        (await Should.ThrowAsync<McpProtocolException>(() => ListenAsync(bench.Client, uris))).Message.ShouldContain("64 are allowed");
    }

    [Fact]
    public async Task Subscribe_LiveExecution_TellsOfChanges_UntilUnsubscribed()
    {
        await using var bench = await McpBench.StartAsync(version: "2025-11-25");
        var (story, other) = (await Story.RunningAsync(bench), await Story.RunningAsync(bench));
        var (uri, second) = ($"kitaru://executions/{story.Id}", $"kitaru://executions/{other.Id}");
        var updates = new Updates(bench.Client);
        await bench.Client.SubscribeToResourceAsync(uri);
        await bench.Client.SubscribeToResourceAsync(second);
        await story.CallAsync("load", Story.Json("notes"));
        await updates.OfAsync(uri);
        await bench.Client.UnsubscribeFromResourceAsync(uri);
        var heard = updates.Count;
        await story.CallAsync("draft", Story.Json("text"));
        await other.CallAsync("load", Story.Json("notes"));
        await updates.OfAsync(second);
        updates.Count.ShouldBe(heard + 1);
    }

    [Theory]
    [InlineData("kitaru://executions/0199c0de-0000-7000-8000-000000000000", McpErrorCode.ResourceNotFound)]
    [InlineData("kitaru://artifacts/0199c0de-0000-7000-8000-000000000000", McpErrorCode.InvalidParams)]
    public async Task Subscribe_WhatDoesNotExistOrChange_IsRefused(string uri, McpErrorCode expected)
    {
        await using var bench = await McpBench.StartAsync(version: "2025-11-25");
        (await Should.ThrowAsync<McpProtocolException>(() => bench.Client.SubscribeToResourceAsync(uri))).ErrorCode.ShouldBe(expected);
    }

    private static async Task ListenAsync(McpClient client, params string[] uris) => await client.SendRequestAsync(new JsonRpcRequest
    {
        Method = RequestMethods.SubscriptionsListen,
        Params = JsonSerializer.SerializeToNode(
            new SubscriptionsListenRequestParams { Notifications = new SubscriptionsListenNotifications { ResourceSubscriptions = [.. uris] } }, McpJsonUtilities.DefaultOptions),
    });

    private sealed class Updates
    {
        private readonly ConcurrentDictionary<string, Channel<JsonNode>> _heard = new();
        private int _count;

        public Updates(McpClient client) => client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, async (notification, stop) =>
        {
            Interlocked.Increment(ref _count);
            await Of(notification.Params!["uri"]!.ToString()).Writer.WriteAsync(notification.Params!, stop);
        });

        public int Count => Volatile.Read(ref _count);

        /// <summary>The next one of a resource.</summary>
        public Task<JsonNode> OfAsync(string uri) => Of(uri).Reader.ReadAsync().AsTask().WaitAsync(Patience);

        private Channel<JsonNode> Of(string uri) => _heard.GetOrAdd(uri, _ => Channel.CreateUnbounded<JsonNode>());
    }
}
