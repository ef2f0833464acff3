using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.EndToEndTests.World;
using ModelContextProtocol.Protocol;

namespace Kitaru.EndToEndTests.Deployments;

/// <summary>A deployed flow as a tool, and what it has made as resources, with a real kitaru-mcp and real code.</summary>
public sealed class FlowToolTests : EndToEndTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Flow_DeployedWithTheTag_IsCalled_AndReadAsResources()
    {
        var server = await StartServerAsync();
        (await server.ListToolsAsync()).ShouldNotContain(name => name.StartsWith("flow_"));
        var target = $"{Home.AddFlow("Orders.cs")}:bill_order";
        (await server.CallAsync("kitaru_deployments_deploy", new { target, inputs = new { ledger = Home.LedgerPath }, tag = "mcp", exclusive = true })).ShouldBeFine();

        (await server.ListToolsAsync())[^1].ShouldBe("flow_bill_order");
        (await server.CallAsync("flow_bill_order", new { items = "none" })).ShouldBeError("KitaruUsageError", "items");
        var answer = (await server.CallAsync("flow_bill_order", new { items = new[] { "tea", "milk" }, wait_seconds = 50 })).ShouldBeFine().Data;
        answer["selector"]!.ToJsonString().ShouldBe("""{"version":null,"tag":"mcp"}""");
        var id = answer["exec_id"]!.ToString();
        (await server.RestAsync(id)).ShouldHaveEnded("completed").Result<string>().ShouldBe("Dear customer: 2 for 6");

        var listed = await server.Client.ListResourcesAsync();
        listed.Select(resource => resource.Uri).ShouldBe(["kitaru://deployments/bill_order", $"kitaru://executions/{id}"]);
        foreach (var resource in listed)
            JsonNode.Parse((await ReadAsync(server, resource.Uri)).Text).ShouldNotBeNull();
        var calls = JsonNode.Parse((await ReadAsync(server, $"kitaru://executions/{id}/checkpoints")).Text)!;
        calls["result"]!.AsArray().Select(call => call!["name"]!.ToString()).ShouldContain("price");
        var result = await ReadAsync(server, $"kitaru://artifacts/{id}:result");
        result.Text.ShouldBe("Dear customer: 2 for 6");
        result.Meta!["kitaru/untrusted"]!.GetValue<bool>().ShouldBeTrue();
        File.ReadAllLines(Path.Combine(Home.Config, "audit.jsonl")).Select(line => JsonNode.Parse(line)!["what"]!.ToString()).ShouldBe(["kitaru_deployments_deploy", "kitaru_deployments_invoke"]);
    }

    [Fact]
    public async Task Client_ThatListens_IsToldOfALiveExecution_AndOfTools()
    {
        var server = await StartServerAsync();
        var file = Home.AddFlow("Letters.cs");
        (await server.CallAsync("kitaru_deployments_deploy", new { target = $"{file}:answer_letter", inputs = new { ledger = Home.LedgerPath } })).ShouldBeFine();
        var told = Channel.CreateUnbounded<string>();
        foreach (var method in new[] { NotificationMethods.ResourceUpdatedNotification, NotificationMethods.ToolListChangedNotification, NotificationMethods.SubscriptionsAcknowledgedNotification })
            server.Client.RegisterNotificationHandler(method, (notification, stop) => told.Writer.WriteAsync(notification.Params?["uri"]?.ToString() ?? method, stop));
        var id = (string)(await server.CallAsync("kitaru_deployments_invoke", new { flow = "answer_letter", inputs = new { letter = "hello." } })).ShouldBeFine().Data["exec_id"]!;
        var uri = $"kitaru://executions/{id}";
        using var stop = new CancellationTokenSource();
        _ = server.Client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.SubscriptionsListen,
                Params = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray(uri) } },
            },
            stop.Token);
        await UntilAsync(told.Reader, NotificationMethods.SubscriptionsAcknowledgedNotification);

        (await server.RestAsync(id)).Status.ShouldBe("waiting");
        (await server.InputAsync(id, "approve", true)).ShouldBeFine();
        await UntilAsync(told.Reader, uri);
        (await server.CallAsync("kitaru_deployments_tag", new { flow = "answer_letter", version = 1, tag = "mcp" })).ShouldBeFine();
        await UntilAsync(told.Reader, NotificationMethods.ToolListChangedNotification);
        (await server.ListToolsAsync()).ShouldContain("flow_answer_letter");
        (await server.RestAsync(id)).ShouldHaveEnded("completed");
        await stop.CancelAsync();
    }

    private static async Task<TextResourceContents> ReadAsync(McpServer server, string uri) => (await server.Client.ReadResourceAsync(uri)).Contents.ShouldHaveSingleItem().ShouldBeOfType<TextResourceContents>();

    private static async Task UntilAsync(ChannelReader<string> told, string expected)
    {
        using var enough = new CancellationTokenSource(Patience);
        while (await told.ReadAsync(enough.Token) != expected)
        {
        }
    }
}
