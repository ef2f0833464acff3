using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Core;
using Kitaru.Mcp.Tools;
using Kitaru.Server.Mcp;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.ServerTests.Mcp;

/// <summary>The tools over HTTP: who may see and call what, and on whose store they work.</summary>
public sealed class McpToolTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_OfEitherEra_ListsAndCallsTools(string version)
    {
        var execution = await (await _server.StoreAsync()).Executions.CreateAsync(Some.Execution());
        using var http = _server.Http(TestTokens.Member);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });

        client.NegotiatedProtocolVersion.ShouldBe(version);
        client.ServerInstructions.ShouldNotBeNull().ShouldContain("kitaru_executions_get");
        (await client.ListToolsAsync()).Select(tool => tool.Name).ShouldContain("kitaru_executions_cancel");
        var answer = await client.CallToolAsync("kitaru_executions_cancel", new Dictionary<string, object?> { ["exec_id"] = execution.Id.ToString() });
        (answer.IsError ?? false).ShouldBeFalse();
        var now = await (await _server.StoreAsync()).Executions.GetAsync(execution.Id);
        now.Execution.Status.ShouldBe(ExecutionStatus.Cancelled);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Client_ThatWaits_IsToldHowTheExecutionGetsOn(string version)
    {
        var store = await _server.StoreAsync();
        var execution = await store.Executions.CreateAsync(Some.Execution());
        using var http = _server.Http(TestTokens.Member);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(_server.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
        var told = Channel.CreateUnbounded<string>();
        client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, stop) => told.Writer.WriteAsync(notification.Params!["message"]!.ToString(), stop));

        var waiting = client.CallToolAsync(new CallToolRequestParams
        {
            Name = "kitaru_executions_get",
            Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>($$"""{"exec_id":"{{execution.Id}}","wait_seconds":50}"""),
            Meta = new JsonObject { ["progressToken"] = "watching" },
        });
        (await told.Reader.ReadAsync()).ShouldBe("running (queued)");
        await McpEnded.AsAsync(store, execution.Id, ExecutionStatus.Completed);

        (await waiting).StructuredContent!.Value.GetProperty("status").GetString().ShouldBe("completed");
        var last = await told.Reader.ReadAsync();
        while (!last.StartsWith("completed", StringComparison.Ordinal))
            last = await told.Reader.ReadAsync();
        last.ShouldBe("completed: 1 of 1 checkpoint calls have ended, the last was a");
    }

    [Fact]
    public async Task Viewer_SeesAndCallsOnlyWhatReads()
    {
        var execution = await (await _server.StoreAsync()).Executions.CreateAsync(Some.Execution());
        using var http = _server.Http(TestTokens.Viewer);

        var tools = await ToolsAsync(http);
        tools.ShouldAllBe(tool => tool["annotations"]!["readOnlyHint"]!.GetValue<bool>());
        tools.Count.ShouldBeGreaterThan(10);
        (await CallAsync(http, "kitaru_executions_get", new JsonObject { ["exec_id"] = execution.Id.ToString() }))["structuredContent"]!["flow_name"]!.ToString().ShouldBe("greet");
        var refused = await CallAsync(http, "kitaru_executions_cancel", new JsonObject { ["exec_id"] = execution.Id.ToString() });
        refused["isError"]!.GetValue<bool>().ShouldBeTrue();
        refused["structuredContent"]!["error"]!["message"]!.ToString().ShouldContain("role viewer");
        (await (await _server.StoreAsync()).Executions.GetAsync(execution.Id)).Execution.Status.ShouldBe(ExecutionStatus.Queued);
    }

    [Fact]
    public async Task List_OnASharedServer_HasNothingOfTheCallersMachine_AndSaysWhy()
    {
        using var http = _server.Http(TestTokens.Member);
        string[] elsewhere = ["kitaru_executions_run", "kitaru_deployments_deploy", "kitaru_start_local_server", "kitaru_stop_local_server", "kitaru_clean_preview"];

        var tools = await ToolsAsync(http);
        var names = tools.Select(tool => tool["name"]!.ToString()).ToList();

        tools.Single(tool => tool["name"]!.ToString() == "kitaru_deployments_invoke")["description"]!.ToString().ShouldContain("Nothing is built here");
        names.ShouldBe(new ToolRegistry().Tools.Select(tool => tool.Name).Except(elsewhere));
        foreach (var name in elsewhere)
        {
            var answer = await CallAsync(http, name, new JsonObject { ["target"] = "/etc/passwd:flow" });
            answer["isError"]!.GetValue<bool>().ShouldBeTrue();
            answer["structuredContent"]!["error"]!["next_step"]!.ToString().ShouldContain("kitaru-mcp");
        }
    }

    [Theory]
    [InlineData("kitaru_executions_retry", """{"code":"current"}""", ExecutionStatus.Failed)]
    [InlineData("kitaru_executions_replay", """{"from_":"a","code":"current"}""", ExecutionStatus.Completed)]
    [InlineData("kitaru_executions_replay", """{"from_":"a","target":"/etc/passwd:greet"}""", ExecutionStatus.Completed)]
    public async Task PresentCode_OnASharedServer_IsRefused(string tool, string arguments, ExecutionStatus status)
    {
        var store = await _server.StoreAsync();
        var created = await store.Executions.CreateAsync(Some.Execution() with { Target = "/etc/passwd:greet", Source = "/etc/passwd:greet" });
        await McpEnded.AsAsync(store, created.Id, status);
        using var http = _server.Http(TestTokens.Member);
        var given = JsonNode.Parse(arguments)!.AsObject();
        given["exec_id"] = created.Id.ToString();

        var error = (await CallAsync(http, tool, given))["structuredContent"]!["error"]!;

        error["message"]!.ToString().ShouldContain("builds no targets");
        error["next_step"]!.ToString().ShouldContain("code=recorded");
    }

    [Fact]
    public async Task Tools_WorkInTheProjectOfTheToken()
    {
        using var mine = _server.Http(TestTokens.Member);
        using var others = _server.Http(TestTokens.OfOther);
        var created = await (await _server.ConnectAsync(TestTokens.OfOther)).Executions.CreateAsync(Some.Execution());

        (await CallAsync(others, "kitaru_executions_list", []))["structuredContent"]!["total"]!.GetValue<int>().ShouldBe(1);
        (await CallAsync(mine, "kitaru_executions_list", []))["structuredContent"]!["total"]!.GetValue<int>().ShouldBe(0);
        (await CallAsync(mine, "kitaru_executions_get", new JsonObject { ["exec_id"] = created.Id.ToString() }))["isError"]!.GetValue<bool>().ShouldBeTrue();
        using var foreign = await McpCall.SendAsync(mine, McpCall.Message("tools/list"), ("Kitaru-Project", "other"));
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Status_IsAboutTheCaller_AndSaysNothingOfTheServersDisk()
    {
        using var http = _server.Http(TestTokens.Member);
        var status = (await CallAsync(http, "kitaru_status", []))["structuredContent"]!;
        status["connection"]!.ToString().ShouldBe("remote Kitaru server");
        status["active_user"]!.ToString().ShouldBe("Member");
        status["active_project"]!.ToString().ShouldBe("default");
        foreach (var tool in new[] { "kitaru_status", "kitaru_info", "kitaru_store_size" })
            (await CallAsync(http, tool, tool == "kitaru_info" ? new JsonObject { ["all"] = true } : [])).ToJsonString().ShouldNotContain(_server.Directory.Root);
    }

    [Fact]
    public async Task Stack_IsMade_AndNotActiveForEverybody()
    {
        using var http = _server.Http(TestTokens.Member);
        var made = (await CallAsync(http, "manage_stack", new JsonObject { ["action"] = "create", ["name"] = "mine" }))["structuredContent"]!;
        made["is_active"]!.GetValue<bool>().ShouldBeFalse();
        made["warning"]!.ToString().ShouldContain("not made active");
        File.Exists(Path.Combine(_server.Directory.Root, "config.yaml")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ClientWishes.SetsHeader, "executions, secrets", 16 + 2 - 1)]
    [InlineData("path", "/mcp?toolsets=secrets", 2)]
    [InlineData("path", "/mcp?toolsets=secrets&read_only=true", 1)]
    [InlineData(ClientWishes.SetsHeader, "all", 35)]
    public async Task Client_TakesToolsAway(string header, string value, int expected)
    {
        using var http = _server.Http(TestTokens.Member);
        using var answer = await McpCall.SendAsync(http, McpCall.Message("tools/list"), (header, value));
        (await answer.ResultAsync())["tools"]!.AsArray().Count.ShouldBe(expected);
    }

    [Fact]
    public async Task Client_CannotLoosenWhatTheOperatorHasSet()
    {
        await using var server = await TestServer.StartAsync(options => options with { Mcp = new McpOptions { Policy = ToolPolicy.Everything.Tighten("secrets,status", readOnly: true) } });
        using var http = server.Http();
        using var wishes = await McpCall.SendAsync(http, McpCall.Message("tools/list"), (ClientWishes.SetsHeader, "all"), (ClientWishes.ReadOnlyHeader, "false"));
        (await wishes.ResultAsync())["tools"]!.AsArray().Select(tool => tool!["name"]!.ToString()).ShouldBe(["kitaru_status", "kitaru_info", "kitaru_secrets_list"]);
        var refused = await CallAsync(http, "kitaru_secrets_create", new JsonObject { ["name"] = "a", ["values"] = new JsonObject { ["A"] = "b" } });
        refused["structuredContent"]!["error"]!["message"]!.ToString().ShouldContain("read-only");
    }

    [Fact]
    public async Task Client_ThatAsksForAnUnknownToolset_IsTold()
    {
        using var http = _server.Http();
        using var answer = await McpCall.SendAsync(http, McpCall.Message("tools/list"), (ClientWishes.SetsHeader, "secretz"));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("secrets");
    }

    private static async Task<List<JsonNode>> ToolsAsync(HttpClient http)
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Message("tools/list"));
        return [.. (await answer.ResultAsync())["tools"]!.AsArray().Select(tool => tool!)];
    }

    private static async Task<JsonObject> CallAsync(HttpClient http, string tool, JsonObject arguments)
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Tool(tool, arguments));
        return await answer.ResultAsync();
    }
}
