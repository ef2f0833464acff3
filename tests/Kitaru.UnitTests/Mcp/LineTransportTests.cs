using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.UnitTests.Mcp;

public sealed class LineTransportTests : IAsyncDisposable
{
    private readonly Pipe _input = new();
    private readonly SlowStream _output = new();
    private readonly LineTransport _transport;

    public LineTransportTests() => _transport = new LineTransport(new StreamServerTransport(_input.Reader.AsStream(), Stream.Null), _output);

    [Fact]
    public async Task Send_WhileAnotherIsWritten_GoesInOneWrite_InOrder()
    {
        var first = Task.Run(() => _transport.SendMessageAsync(Notification("first")));
        await _output.Entered;
        for (var i = 0; i < 5; i++)
            await _transport.SendMessageAsync(Notification($"other{i}"));
        first.IsCompleted.ShouldBeFalse();
        _output.Release();
        await first;
        _output.Writes.Count.ShouldBe(2);
        string.Concat(_output.Writes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["method"]!.ToString())
            .ShouldBe(["first", "other0", "other1", "other2", "other3", "other4"]);
    }

    [Fact]
    public async Task Send_FromManyAtOnce_WritesEveryLineOnce()
    {
        _output.Release();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => _transport.SendMessageAsync(Notification($"n{i}")))));
        // It waits until it has gone, and so has all before it.
        await _transport.SendMessageAsync(Notification(Large));
        string.Concat(_output.Writes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!["method"]!.ToString())
            .ShouldBe(Enumerable.Range(0, 500).Select(i => $"n{i}").Append(Large), ignoreOrder: true);
    }

    [Fact]
    public async Task Send_Answer_IsTheSameAsStructureAndAsText()
    {
        var structured = new JsonObject { ["text"] = "it's \"quoted\" \\ ü <b>", ["number"] = 1.5, ["nothing"] = null };
        var request = new JsonRpcRequest { Id = new RequestId("a\"1"), Method = "tools/call" };
        var deferred = WrittenResults.Defer(request, ToolAnswer.Of(structured), isError: false, new ResourceLinkBlock { Uri = "kitaru://executions/1", Name = "one" });
        var result = System.Text.Json.JsonSerializer.SerializeToNode(deferred, ModelContextProtocol.McpJsonUtilities.DefaultOptions);
        _output.Release();
        await _transport.SendMessageAsync(new JsonRpcResponse { Id = request.Id, Result = result, Context = request.Context });
        var line = JsonNode.Parse(_output.Writes.ShouldHaveSingleItem())!;
        line["id"]!.ToString().ShouldBe("a\"1");
        JsonNode.DeepEquals(line["result"]!["structuredContent"], structured).ShouldBeTrue();
        line["result"]!["content"]![0]!["text"]!.ToString().ShouldBe(KitaruJson.Write(structured));
        line["result"]!["content"]![1]!["uri"]!.ToString().ShouldBe("kitaru://executions/1");
        _output.Writes[0].ShouldContain("it's");
    }

    [Fact]
    public async Task Send_MoreThanMayLieReady_WaitsUntilItHasGone()
    {
        var first = Task.Run(() => _transport.SendMessageAsync(Notification("first")));
        await _output.Entered;
        var large = _transport.SendMessageAsync(Notification(Large));
        large.IsCompleted.ShouldBeFalse();
        _output.Release();
        await first;
        await large;
        _output.Writes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dispose_WhileOneIsWritten_LetsTheNextGoFirst()
    {
        var first = Task.Run(() => _transport.SendMessageAsync(Notification("first")));
        await _output.Entered;
        await _transport.SendMessageAsync(Notification("second"));
        await _input.Writer.CompleteAsync();
        var disposal = _transport.DisposeAsync();
        disposal.IsCompleted.ShouldBeFalse();
        _output.Release();
        await disposal;
        await first;
        string.Concat(_output.Writes).ShouldContain("second");
    }

    [Fact]
    public async Task Send_ClientIsGone_SaysSo()
    {
        var first = Task.Run(() => _transport.SendMessageAsync(Notification("first")));
        await _output.Entered;
        var second = _transport.SendMessageAsync(Notification(Large));
        _output.Release(new IOException("broken pipe"));
        await Should.ThrowAsync<IOException>(first);
        await Should.ThrowAsync<IOException>(second);
        await Should.ThrowAsync<IOException>(() => _transport.SendMessageAsync(Notification("later")));
    }

    public async ValueTask DisposeAsync()
    {
        await _input.Writer.CompleteAsync();
        await _transport.DisposeAsync();
        await _output.DisposeAsync();
    }

    private static string Large { get; } = new('x', 300_000);

    private static JsonRpcNotification Notification(string method) => new() { Method = method };

    /// <summary>Holds back the first write until it is released.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IOException? _fault;

        public List<string> Writes { get; } = [];

        /// <summary>The first write has begun.</summary>
        public Task Entered => _entered.Task;

        public void Release(IOException? fault = null)
        {
            _fault = fault;
            _released.Set();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var text = System.Text.Encoding.UTF8.GetString(buffer);
            _entered.TrySetResult();
            _released.Wait();
            Writes.Add(text);
            if (_fault is not null)
                throw _fault;
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
