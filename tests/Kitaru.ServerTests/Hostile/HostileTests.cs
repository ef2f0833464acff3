using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Flows;

namespace Kitaru.ServerTests.Hostile;

/// <summary>Requests that mean no good, or were made without care.</summary>
public sealed class HostileTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("{", "The body")]
    [InlineData("[]", "another type")]
    [InlineData("""{"name":"a"}""", "'values'")]
    [InlineData("""{"name":7,"values":{}}""", "$.name")]
    [InlineData("""{"name":"a","values":{},"valeus":{}}""", "$.valeus is not known")]
    [InlineData("""{"name":"a","name":"b","values":{}}""", "name")]
    [InlineData("", "body")]
    public async Task MalformedBody_Is400_AndNamesTheMember(string body, string expected)
    {
        var problem = await ProblemAsync(HttpMethod.Post, "/api/v1/secrets", HttpStatusCode.BadRequest, new StringContent(body, Encoding.UTF8, "application/json"));

        problem["code"]!.ToString().ShouldBe("KitaruUsageError");
        problem["detail"]!.ToString().ShouldContain(expected, Case.Insensitive);
        problem["detail"]!.ToString().ShouldNotContain("Kitaru.");
        problem["detail"]!.ToString().ShouldNotContain("System.");
        problem["next_step"].ShouldNotBeNull();
    }

    [Fact]
    public async Task DeepBody_Is400()
    {
        var body = $$"""{"wait":"w","value":{{new string('[', 5000)}}{{new string(']', 5000)}}}""";
        await ProblemAsync(HttpMethod.Post, $"/api/v1/executions/{Some.NewId()}/waits/answer", HttpStatusCode.BadRequest, new StringContent(body, Encoding.UTF8, "application/json"));
    }

    [Theory]
    [InlineData("/api/v1/executions?limit=abc")]
    [InlineData("/api/v1/executions?limit=0")]
    [InlineData("/api/v1/executions?since=yesterday")]
    [InlineData("/api/v1/executions?status=runing")]
    [InlineData("/api/v1/executions?cursor=%00%ff")]
    [InlineData("/api/v1/executions/not-an-id")]
    [InlineData("/api/v1/values/..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/v1/statistics?group_by=nothing")]
    [InlineData("/api/v1/changes?after=1&after=2&x=%ZZ", HttpStatusCode.OK)]
    public async Task OddAddress_IsAnsweredAsWhatItIs(string address, HttpStatusCode expected = HttpStatusCode.BadRequest)
    {
        using var http = _server.Http();
        using var answer = await http.GetAsync(new Uri(address, UriKind.Relative));
        answer.StatusCode.ShouldBe(expected, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task WrongMethodOrMediaType_AreSaid()
    {
        var method = await ProblemAsync(HttpMethod.Put, "/api/v1/stacks", HttpStatusCode.MethodNotAllowed, null);
        method["detail"]!.ToString().ShouldContain("PUT");
        var media = await ProblemAsync(HttpMethod.Post, "/api/v1/secrets", HttpStatusCode.UnsupportedMediaType, new StringContent("a=b", Encoding.UTF8, "text/plain"));
        media["detail"]!.ToString().ShouldContain("application/json");
    }

    [Theory]
    [InlineData("/api/v1/executions")]
    [InlineData("/api/v1/values/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("/api/v1/snapshots/aaaa/content")]
    public async Task BodyOfAGigabyte_IsRefusedBeforeItIsRead(string path)
    {
        await (await _server.StoreAsync()).Snapshots.PutAsync(new SnapshotRecord(new SnapshotId("aaaa"), new FlowManifest(), TimeProvider.System.GetUtcNow(), 1));
        using var socket = await ConnectAsync();
        var verb = path.EndsWith("executions", StringComparison.Ordinal) ? "POST" : "PUT";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"{verb} {path} HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nAuthorization: Bearer {TestTokens.Admin}\r\nContent-Type: application/json\r\nContent-Length: 1073741824\r\n\r\n{{"));

        (await ReadAsync(socket)).ShouldContain(" 413 ");
    }

    [Fact]
    public async Task BodyOfUnknownLength_IsCutOff()
    {
        using var http = _server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/secrets") { Content = new EndlessContent() };
        request.Content.Headers.ContentType = new("application/json");
        try
        {
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }
        catch (HttpRequestException)
        {
            // Cut off while it was still sending: refused as well.
        }
        (await (await _server.StoreAsync()).Secrets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task SlowBody_IsGivenUp()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/secrets HTTP/1.1\r\nHost: {_server.Address.Authority}\r\nAuthorization: Bearer {TestTokens.Admin}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{{"));

        // Nothing more is sent: the server answers or hangs up by itself.
        (await ReadAsync(socket)).ShouldNotContain(" 200 ");
    }

    [Fact]
    public async Task HugeHeader_IsRefused()
    {
        using var http = _server.Http();
        http.DefaultRequestHeaders.TryAddWithoutValidation("X-Large", new string('x', 64 * 1024));
        using var answer = await http.GetAsync(new Uri("/api/v1/info", UriKind.Relative));
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestHeaderFieldsTooLarge);
    }

    [Fact]
    public async Task TooManyRequests_Are429_AndAClientWaits()
    {
        await using var server = await TestServer.StartAsync(options => options with { RequestsPerSecond = 10 });
        using var http = server.Http();
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => http.GetAsync(new Uri("/api/v1/info", UriKind.Relative))));
        var refused = answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        refused.ShouldNotBeEmpty();
        refused[0].Headers.RetryAfter.ShouldNotBeNull();

        (await (await server.ConnectAsync()).Executions.ListAsync(new ExecutionQuery())).Total.ShouldBe(0);
    }

    [Fact]
    public async Task BrokenInside_SaysNothingOfTheInside()
    {
        var store = await _server.StoreAsync();
        await store.DisposeAsync();
        using var http = _server.Http();
        using var answer = await http.GetAsync(new Uri("/api/v1/executions", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();

        ((int)answer.StatusCode).ShouldBeGreaterThanOrEqualTo(500);
        text.ShouldContain("request_id");
        text.ShouldNotContain(" at ");
        text.ShouldNotContain(_server.Directory.Root);
        using var ready = await http.GetAsync(new Uri("/ready", UriKind.Relative));
        ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private async Task<JsonNode> ProblemAsync(HttpMethod method, string path, HttpStatusCode status, HttpContent? content)
    {
        using var http = _server.Http();
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        return JsonNode.Parse(text)!;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_server.Address.Host, _server.Address.Port);
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var buffer = new byte[16 * 1024];
        try
        {
            var count = await socket.ReceiveAsync(buffer, limit.Token);
            return Encoding.UTF8.GetString(buffer, 0, count);
        }
        catch (SocketException)
        {
            return "";
        }
    }

    private sealed class EndlessContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"name\":\""u8.ToArray());
            var piece = Encoding.ASCII.GetBytes(new string('a', 1024 * 1024));
            for (var i = 0; i < 100; i++)
                await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
