using System.Net;
using System.Text.Json.Nodes;
using Kitaru.Server.Mcp;
using Kitaru.Server.Mcp.Streaming;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.ServerTests.Mcp;

/// <summary>The binding alone: sessions, headers, limits, and who is kept out.</summary>
public sealed class McpBindingTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(options => options with { Mcp = new McpOptions { Limits = new StreamingLimits { SessionsPerOwnerMax = 2, SessionsMax = 3, MessageBytesMax = 64 * 1024 } } });
        _http = _server.Http(TestTokens.Member);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task NoToken_LearnsWhereTokensAreDescribed()
    {
        using var http = _server.Http(token: null);
        using var refused = await McpCall.SendAsync(http, McpCall.Message("tools/list"));
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var challenge = refused.Headers.WwwAuthenticate.ToString();
        var address = challenge.Split('"')[1];
        challenge.ShouldStartWith("Bearer resource_metadata=");
        using var described = await http.GetAsync(new Uri(address));
        var metadata = JsonNode.Parse(await described.Content.ReadAsStringAsync())!;
        metadata["resource"]!.ToString().ShouldBe(new Uri(_server.Address, "/mcp").ToString());
        metadata["bearer_methods_supported"]![0]!.ToString().ShouldBe("header");
    }

    [Fact]
    public async Task Session_LivesUntilItIsEnded_AndIsItsOwnersAlone()
    {
        var id = await BeginAsync(_http);
        using var ping = await SendInAsync(_http, id, McpCall.Message("ping", version: null));
        ping.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var admin = _server.Http();
        using var stranger = await SendInAsync(admin, id, McpCall.Message("ping", version: null));
        stranger.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await DeleteAsync(id)).ShouldBe(HttpStatusCode.NoContent);
        using var late = await SendInAsync(_http, id, McpCall.Message("ping", version: null));
        late.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Session_OneTooMany_TakesTheRoomOfTheOneThatWasIdleLongest()
    {
        var first = await BeginAsync(_http);
        var second = await BeginAsync(_http);
        var third = await BeginAsync(_http);
        using var gone = await SendInAsync(_http, first, McpCall.Message("ping", version: null));
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        foreach (var id in new[] { second, third })
        {
            using var alive = await SendInAsync(_http, id, McpCall.Message("ping", version: null));
            alive.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var admin = _server.Http();
        await BeginAsync(admin);
        using var full = await McpCall.SendAsync(admin, McpCall.Initialize());
        full.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        _server.Services.GetRequiredService<Sessions>().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Session_LeftIdle_IsEnded()
    {
        await using var server = await TestServer.StartAsync(options => options with { Mcp = new McpOptions { Limits = new StreamingLimits { IdleTimeout = TimeSpan.Zero } } });
        using var http = server.Http();
        await BeginAsync(http);
        var sessions = server.Services.GetRequiredService<Sessions>();
        await sessions.EndIdleAsync();
        sessions.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Stream_OfASession_IsOneAtATime_AndEndsWithIt()
    {
        var id = await BeginAsync(_http);
        using var stream = await GetAsync(id);
        stream.StatusCode.ShouldBe(HttpStatusCode.OK);
        stream.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        using var second = await GetAsync(id);
        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await DeleteAsync(id)).ShouldBe(HttpStatusCode.NoContent);
        (await stream.Content.ReadAsStringAsync()).ShouldNotContain("error");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task Stateless_HasNothingButPost(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.Add("MCP-Protocol-Version", McpCall.Stateless);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        using var answer = await _http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("Mcp-Method", "tools/call", -32020)]
    [InlineData("MCP-Protocol-Version", "2025-11-25", -32020)]
    [InlineData("MCP-Protocol-Version", "2999-01-01", -32020)]
    public async Task Header_ThatSaysSomethingElse_IsRefused(string header, string value, int code)
    {
        using var answer = await McpCall.SendAsync(_http, McpCall.Message("tools/list"), (header, value));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = await answer.AnswerAsync();
        error["error"]!["code"]!.GetValue<int>().ShouldBe(code);
        error["id"]!.GetValue<int>().ShouldBe(7);
    }

    [Theory]
    [InlineData("{", -32700)]
    [InlineData("[]", -32600)]
    [InlineData("7", -32600)]
    [InlineData("""{"jsonrpc":"2.0"}""", -32600)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}""", -32700)]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", -32600)]
    public async Task Body_ThatIsNoMessage_IsRefused(string body, int code)
    {
        using var answer = await McpCall.SendAsync(_http, body);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.AnswerAsync())["error"]!["code"]!.GetValue<int>().ShouldBe(code);
    }

    [Fact]
    public async Task Body_ThatIsTooLargeOrTooDeep_IsRefused()
    {
        using var large = await McpCall.SendAsync(_http, McpCall.Tool("kitaru_status", new JsonObject { ["x"] = new string('x', 100_000) }));
        large.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var deep = await McpCall.SendAsync(_http, new string('[', 5000) + new string(']', 5000));
        deep.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example.com", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("Accept", "application/json", HttpStatusCode.NotAcceptable)]
    [InlineData("Accept", "*/*", HttpStatusCode.OK)]
    public async Task Request_OfAPageOrWithoutTheRightAccept_IsJudged(string header, string value, HttpStatusCode expected)
    {
        using var answer = await McpCall.SendAsync(_http, McpCall.Message("tools/list"), (header, value));
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Host_ThatIsNotAllowed_IsRefused()
    {
        await using var server = await TestServer.StartAsync(options => options with { Mcp = new McpOptions { Hosts = new HashSet<string> { "kitaru.example.com" }, Origins = new HashSet<string> { "https://tools.example.com" } } });
        using var http = server.Http();
        (await StatusAsync(http, ("Host", "evil.example.com"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(http, ("Host", "kitaru.example.com"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, ("Origin", "https://tools.example.com"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Call_WhoseClientLeaves_EndsNoExecution()
    {
        var store = await _server.StoreAsync();
        var execution = await store.Executions.CreateAsync(Some.Execution());
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent(McpCall.Tool("kitaru_executions_get", new JsonObject { ["exec_id"] = execution.Id.ToString(), ["wait_seconds"] = 50 }).ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in new[] { ("Accept", "application/json, text/event-stream"), ("MCP-Protocol-Version", McpCall.Stateless), ("Mcp-Method", "tools/call"), ("Mcp-Name", "kitaru_executions_get") })
            request.Headers.TryAddWithoutValidation(name, value);
        gone.CancelAfter(TimeSpan.FromMilliseconds(300));
        await Should.ThrowAsync<OperationCanceledException>(() => _http.SendAsync(request, gone.Token));

        (await store.Executions.GetAsync(execution.Id)).Execution.Status.ShouldBe(ExecutionStatus.Queued);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, (string, string) header)
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Message("tools/list"), header);
        return answer.StatusCode;
    }

    private static async Task<string> BeginAsync(HttpClient http)
    {
        using var answer = await McpCall.SendAsync(http, McpCall.Initialize());
        (await answer.ResultAsync())["protocolVersion"]!.ToString().ShouldBe("2025-11-25");
        return answer.Headers.GetValues(StreamableHttp.SessionHeader).Single();
    }

    private static Task<HttpResponseMessage> SendInAsync(HttpClient http, string session, JsonObject message) =>
        McpCall.SendAsync(http, message, (StreamableHttp.SessionHeader, session), ("MCP-Protocol-Version", "2025-11-25"));

    private async Task<HttpResponseMessage> GetAsync(string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Add(StreamableHttp.SessionHeader, session);
        request.Headers.TryAddWithoutValidation("Accept", "text/event-stream");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private async Task<HttpStatusCode> DeleteAsync(string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        request.Headers.Add(StreamableHttp.SessionHeader, session);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }
}
