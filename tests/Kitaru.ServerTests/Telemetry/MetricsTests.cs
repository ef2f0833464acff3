using System.Net;
using Kitaru.Core;
using Kitaru.Server.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Kitaru.ServerTests.Telemetry;

public sealed class MetricsTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async Task InitializeAsync() => _server = await TestServer.StartAsync();

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Metrics_WithAToken_TellExecutionsByProjectAndStatus()
    {
        await (await _server.ConnectAsync()).Executions.CreateAsync(Some.Execution());
        await _server.Services.GetRequiredService<ServerGauges>().LookAsync(CancellationToken.None);
        using var http = _server.Http();

        // The exporter answers from what it has collected for a moment.
        var text = await http.GetStringAsync("/metrics");

        text.ShouldContain("kitaru_executions");
        text.Split('\n').Single(line => line.StartsWith("kitaru_executions{", StringComparison.Ordinal) && line.Contains("kitaru_project=\"default\"", StringComparison.Ordinal))
            .ShouldContain("kitaru_execution_status=\"running\"");
        text.ShouldContain("http_server_request_duration_seconds");
    }

    [Fact]
    public async Task Metrics_WithoutAToken_AreNotTold()
    {
        using var http = _server.Http(token: null);
        (await http.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
