using System.Net;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.ServerTests.Access;

/// <summary>Every endpoint there is, whoever adds one: who is not allowed is kept out before anything of the request is looked at.</summary>
public sealed class EndpointAccessTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public void Endpoints_HaveARule_AndOnlyTheListedOnesAreOpen()
    {
        var endpoints = Endpoints();
        endpoints.Count.ShouldBeGreaterThan(60);
        endpoints.Where(one => one.Rule is null).ShouldBeEmpty();
        endpoints.Where(one => one.Rule!.Role is null).Select(one => one.Show).Order(StringComparer.Ordinal)
            .ShouldBe(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Access", "open-endpoints.txt")));
    }

    [Fact]
    public Task NoToken_Is401() => AllAnswerAsync(null, null, HttpStatusCode.Unauthorized, one => true);

    [Fact]
    public Task UnknownToken_Is401() => AllAnswerAsync("kat_01900000000070008000000000000000_expired", null, HttpStatusCode.Unauthorized, one => true);

    [Fact]
    public Task Viewer_CannotWrite() => AllAnswerAsync(TestTokens.Viewer, null, HttpStatusCode.Forbidden, one => one.Rule!.Role > Role.Viewer);

    [Fact]
    public Task Member_CannotAdministrate() => AllAnswerAsync(TestTokens.Member, null, HttpStatusCode.Forbidden, one => one.Rule!.Role > Role.Member);

    [Fact]
    public Task AnothersProject_DoesNotExist() => AllAnswerAsync(TestTokens.Member, "other", HttpStatusCode.NotFound, one => !one.Rule!.IsServerWide);

    [Fact]
    public Task ProjectThatIsNone_LooksTheSame() => AllAnswerAsync(TestTokens.Member, "none", HttpStatusCode.NotFound, one => !one.Rule!.IsServerWide);

    [Fact]
    public Task Worker_ReachesNothingThatIsNotForWorkers() => AllAnswerAsync(TestTokens.Worker, null, HttpStatusCode.Forbidden, one => one.Rule!.Worker == WorkerRule.Never);

    [Fact]
    public Task Worker_ReachesNoOtherWorkerAndNoExecutionItDoesNotHold() =>
        AllAnswerAsync(TestTokens.Worker, null, HttpStatusCode.Forbidden, one => one.Rule!.Worker is WorkerRule.Itself or WorkerRule.Holds or WorkerRule.Run or WorkerRule.Secret);

    [Fact]
    public Task Worker_InAnotherProject_FindsNone() => AllAnswerAsync(TestTokens.Worker, "other", HttpStatusCode.NotFound, one => !one.Rule!.IsServerWide);

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Basic YWRtaW46YWRtaW4=")]
    [InlineData("Bearer the-admin-of-the-tests-0123456789abcde")]
    [InlineData("Bearer the-admin-of-the-tests-0123456789abcdef0")]
    [InlineData("Bearer THE-ADMIN-OF-THE-TESTS-0123456789ABCDEF")]
    public async Task MalformedToken_Is401_AndNothingIsSaidOfIt(string header)
    {
        using var http = _server.Http(token: null);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/executions");
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var answer = await http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        var text = await answer.Content.ReadAsStringAsync();
        text.ShouldContain("no valid token");
        if (header.Length > 12)
            text.ShouldNotContain(header[7..]);
    }

    [Fact]
    public async Task OwnProject_IsTheOneThatIsMeant()
    {
        var other = await _server.ConnectAsync(TestTokens.OfOther);
        var mine = await _server.ConnectAsync(TestTokens.Member);
        var created = await other.Executions.CreateAsync(Some.Execution());

        (await other.Executions.FindAsync(created.Id)).ShouldNotBeNull();
        (await mine.Executions.FindAsync(created.Id)).ShouldBeNull();
        await Should.ThrowAsync<KitaruNotFoundException>(() => mine.Executions.GetAsync(created.Id));
    }

    private async Task AllAnswerAsync(string? token, string? project, HttpStatusCode status, Func<Known, bool> which)
    {
        var asked = Endpoints().Where(one => one.Rule!.Role is not null && which(one)).ToList();
        asked.ShouldNotBeEmpty();
        await AnswerAsync(_server, token, project, status, asked);
    }

    private static async Task AnswerAsync(TestServer server, string? token, string? project, HttpStatusCode status, IEnumerable<Known> asked)
    {
        using var http = server.Http(token, project);
        foreach (var one in asked)
        {
            using var request = new HttpRequestMessage(new HttpMethod(one.Method), one.Address);
            if (one.Method is "POST" or "PUT" or "PATCH")
                request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request);
            answer.StatusCode.ShouldBe(status, one.Show);
            answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", one.Show);
            JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]!.ToString().ShouldStartWith("Kitaru", Case.Sensitive, one.Show);
        }
    }

    private List<Known> Endpoints() =>
    [
        .. from endpoint in _server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
           select new Known(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint.Metadata.GetMetadata<AccessRule>()),
    ];

    private sealed record Known(string Method, string Pattern, AccessRule? Rule)
    {
        public string Show => $"{Method} {Pattern}";

        public string Address => System.Text.RegularExpressions.Regex.Replace(Pattern, @"\{\w+\}", "01900000-0000-7000-8000-00000000bbbb");
    }
}
