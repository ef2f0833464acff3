using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Core;
using ModelContextProtocol.Protocol;

namespace Kitaru.UnitTests.Mcp;

public class WaitProgressTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Get_ThatWaits_TellsWhatEnds(string version)
    {
        await using var bench = await McpBench.StartAsync(version: version);
        var story = await Story.RunningAsync(bench);
        var heard = Channel.CreateUnbounded<string>();
        bench.Client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, stop) =>
            heard.Writer.WriteAsync($"{notification.Params!["progressToken"]} {notification.Params["message"]}", stop));

        var waiting = bench.Client.CallToolAsync(new CallToolRequestParams
        {
            Name = "kitaru_executions_get",
            Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Arguments(story.Id).ToJsonString()),
            Meta = new JsonObject { ["progressToken"] = "watching" },
        });
        (await NextAsync(heard.Reader)).ShouldBe("watching running");
        await story.CallAsync("load", Story.Json("notes"));
        (await NextAsync(heard.Reader)).ShouldBe("watching running: 1 of 1 checkpoint calls have ended, the last was load");
        await story.WaitAsync("approve", "Publish?", """{"type":"boolean"}""");
        (await NextAsync(heard.Reader)).ShouldBe("watching waiting for approve: 1 of 1 checkpoint calls have ended, the last was load");
        (await waiting).Structured()["status"]!.ToString().ShouldBe("waiting");
    }

    [Fact]
    public async Task Get_OfABusyExecution_TellsNowAndThen_InOrder_AndNothingAfterTheAnswer()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await using var client = new RawClient(bench);
        var waiting = CallAsync(client, story.Id, token: 7);
        List<JsonObject> heard = [await NextAsync(client.Notifications)];
        const int calls = 50;
        for (var i = 0; i < calls; i++)
            await story.CallAsync($"step_{i}", Story.Json(i));
        await story.EndAsync(ExecutionStatus.Completed);
        await waiting;
        while (client.Notifications.TryRead(out var more))
            heard.Add(more);

        await client.CallAsync("tools/list", []);
        client.Notifications.TryRead(out _).ShouldBeFalse();
        heard.ShouldAllBe(one => one["method"]!.ToString() == NotificationMethods.ProgressNotification && one["params"]!["progressToken"]!.GetValue<int>() == 7);
        heard.Select(one => one["params"]!["progress"]!.GetValue<double>()).ShouldBe(Enumerable.Range(1, heard.Count).Select(step => (double)step));
        heard.Count.ShouldBeInRange(2, calls / 2);
        heard[^1]["params"]!["message"]!.ToString().ShouldBe($"completed: {calls} of {calls} checkpoint calls have ended, the last was step_{calls - 1}");
    }

    [Fact]
    public async Task Get_WithoutAToken_TellsNothing()
    {
        await using var bench = await McpBench.StartAsync();
        var story = await Story.RunningAsync(bench);
        await using var client = new RawClient(bench);
        var waiting = CallAsync(client, story.Id, token: null);
        await story.CallAsync("load", Story.Json("notes"));
        await story.EndAsync(ExecutionStatus.Completed);
        await waiting;
        client.Notifications.TryRead(out _).ShouldBeFalse();
    }

    private static JsonObject Arguments(ExecutionId id) => new() { ["exec_id"] = id.ToString(), ["wait_seconds"] = 50 };

    private static Task<JsonObject> CallAsync(RawClient client, ExecutionId id, int? token) => client.CallAsync(
        "tools/call",
        new JsonObject
        {
            ["name"] = "kitaru_executions_get",
            ["arguments"] = Arguments(id),
            ["_meta"] = token is null ? new JsonObject() : new JsonObject { ["progressToken"] = token },
        });

    private static Task<T> NextAsync<T>(ChannelReader<T> heard) => heard.ReadAsync().AsTask().WaitAsync(Patience);
}
