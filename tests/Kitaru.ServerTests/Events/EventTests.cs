using System.Net;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.ServerTests.Events;

/// <summary>What a listener hears, however often its connection breaks and whichever server it comes back to.</summary>
public sealed class EventTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private IControlPlane _store = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _store = await _server.StoreAsync();
    }

    public Task DisposeAsync() => _server.DisposeAsync().AsTask();

    [Fact]
    public async Task Events_FromBeginningToEnd_TellEverythingOnce()
    {
        var lease = await Some.HeldAsync(_store);
        var heard = ListenAsync(_server, $"/api/v1/executions/{lease.ExecutionId}/events");
        await WorkAsync(lease, 1, 4);
        await FinishAsync(lease);

        var events = await heard;

        events.Count(one => one.Name == "checkpoint").ShouldBe(4);
        events.Count(IsLine).ShouldBe(4);
        events.Where(one => one.Name == "checkpoint").Select(one => one.Data["name"]?.ToString() ?? one.Data["call_id"]!.ToString()).ShouldBeUnique();
        events.Where(one => one.Name == "status").Select(one => one.Data["status"]!.ToString()).Last().ShouldBe("completed");
        events[^1].Name.ShouldBe("end");
    }

    [Fact]
    public async Task Events_WithABreakAfterEachOne_AndAnotherServerEachTime_LoseAndRepeatNothing()
    {
        await using var replica = await TestServer.StartAsync(directory: _server.Directory);
        var lease = await Some.HeldAsync(_store);
        await WorkAsync(lease, 1, 5);
        await _store.Journal.OpenWaitAsync(lease, new NewWait("w", "Go on?", null, null, TimeProvider.System.GetUtcNow()));
        var events = new List<Heard>();
        var path = $"/api/v1/executions/{lease.ExecutionId}/events";
        for (var i = 0; i < 12; i++)
        {
            if (i == 6)
                await _store.Waits.AnswerAsync(lease.ExecutionId, "w", 1, "me");
            if (i == 8)
                await FinishAsync(lease);
            events.AddRange(await ListenAsync(i % 2 == 0 ? _server : replica, path, events.LastOrDefault(one => one.Id is not null)?.Id, most: 1));
        }
        events.AddRange(await ListenAsync(_server, path, events.Last(one => one.Id is not null).Id));

        events.Count(one => one.Name == "checkpoint").ShouldBe(5);
        events.Count(IsLine).ShouldBe(5);
        events.Where(one => one.Name == "wait").Select(one => one.Data["status"]!.ToString()).ShouldContain("answered");
        events.Where(one => one.Id is not null).Select(one => one.Id).ShouldBeUnique();
        events.Last(one => one.Name == "status").Data["status"]!.ToString().ShouldBe("completed");
    }

    [Fact]
    public async Task Logs_GoOnBehindTheLastLine()
    {
        var lease = await Some.HeldAsync(_store);
        await WorkAsync(lease, 1, 3);
        var first = await ListenAsync(_server, $"/api/v1/executions/{lease.ExecutionId}/logs/stream", most: 2);
        await FinishAsync(lease);
        var rest = await ListenAsync(_server, $"/api/v1/executions/{lease.ExecutionId}/logs/stream", first[^1].Id);

        first.Concat(rest).Where(IsLine).Select(one => one.Data["message"]!.ToString()).ShouldBe(["line 1", "line 2", "line 3"]);
        rest[^1].Name.ShouldBe("end");
    }

    [Theory]
    [InlineData("/api/v1/executions/01900000-0000-7000-8000-000000000009/events", null, HttpStatusCode.NotFound)]
    [InlineData("EXISTING/events", "nonsense", HttpStatusCode.BadRequest)]
    [InlineData("EXISTING/logs/stream", "nonsense", HttpStatusCode.BadRequest)]
    public async Task Events_OfNothing_OrAfterNonsense_AreRefused(string path, string? last, HttpStatusCode expected)
    {
        var existing = await _store.Executions.CreateAsync(Some.Execution());
        using var http = _server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, path.Replace("EXISTING", $"/api/v1/executions/{existing.Id}", StringComparison.Ordinal));
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(expected);
    }

    /// <summary>The server's own lines are there too.</summary>
    private static bool IsLine(Heard one) => one.Name == "log" && one.Data["message"]!.ToString().StartsWith("line ", StringComparison.Ordinal);

    private async Task WorkAsync(Lease lease, int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            await _store.Logs.AppendAsync(lease.ExecutionId, [new LogEntry { Message = $"line {i}", Timestamp = TimeProvider.System.GetUtcNow() }]);
            await _store.Journal.AppendAsync(lease, Some.Entry(i, $"step_{i}"));
        }
    }

    private Task FinishAsync(Lease lease) => _store.Journal.FinishAsync(lease, new Outcome(ExecutionStatus.Completed, null, Some.Json("1"), null, null));

    private static async Task<List<Heard>> ListenAsync(TestServer server, string path, string? last = null, int most = int.MaxValue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var http = server.Http();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (last is not null)
            request.Headers.Add("Last-Event-ID", last);
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(limit.Token));
        var heard = new List<Heard>();
        string? id = null, name = null, data = null;
        while (heard.Count < most && await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                data = line[6..];
            else if (line.Length == 0 && name is not null)
            {
                heard.Add(new Heard(id, name, JsonNode.Parse(data!)!));
                (id, name, data) = (null, null, null);
            }
        }
        return heard;
    }

    private sealed record Heard(string? Id, string Name, JsonNode Data);
}
