using System.Net;

namespace Kitaru.ServerTests.Hostile;

/// <summary>The local server is for this machine's programs, not for pages in a browser that reach it under another name or from another origin.</summary>
public sealed class LocalServerTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync(options => options with { IsLocal = true });

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("Host", "attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "127.0.0.1.attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    public async Task OtherHostOrOrigin_IsRefused(string header, string value, HttpStatusCode expected)
    {
        using var http = _server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/info");
        request.Headers.TryAddWithoutValidation(header, value);
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Shutdown_EndsIt_AndOnlyForItsUser()
    {
        using (var member = _server.Http(TestTokens.Member))
        using (var refused = await member.PostAsync(new Uri("/api/v1/shutdown", UriKind.Relative), null))
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var http = _server.Http();
        using var answer = await http.PostAsync(new Uri("/api/v1/shutdown", UriKind.Relative), null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }
}
