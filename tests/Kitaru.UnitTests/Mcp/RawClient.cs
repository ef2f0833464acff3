using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Server;

namespace Kitaru.UnitTests.Mcp;

/// <summary>A client of 2026-07-28 that does no more than it is told: a server of its own on a bench's store, spoken to in lines.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly McpServer _server;
    private readonly Task _serving;
    private readonly StreamReader _answers;
    private readonly Channel<JsonObject> _notifications = Channel.CreateUnbounded<JsonObject>();
    private int _id;

    /// <summary>What came beside answers, in the order of the wire; taken in while an answer is waited for.</summary>
    public ChannelReader<JsonObject> Notifications => _notifications.Reader;

    public RawClient(McpBench bench, string? principal = null)
    {
        _server = ServerFactory.Create(
            new LineTransport(new StreamServerTransport(_toServer.Reader.AsStream(), Stream.Null), _toClient.Writer.AsStream()), new RequestScope(bench.Backend, ToolPolicy.Everything, principal), TimeProvider.System, bench.Diagnostics);
        _serving = _server.RunAsync(_stop.Token);
        _answers = new StreamReader(_toClient.Reader.AsStream());
    }

    /// <summary>The result of a request, which must have one.</summary>
    public async Task<JsonObject> CallAsync(string method, JsonObject parameters)
    {
        var meta = parameters["_meta"] as JsonObject ?? [];
        meta["io.modelcontextprotocol/protocolVersion"] = "2026-07-28";
        meta["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" };
        meta["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() };
        parameters["_meta"] = meta;
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = ++_id, ["method"] = method, ["params"] = parameters };
        await _toServer.Writer.WriteAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        while (await _answers.ReadLineAsync() is { } line)
        {
            var message = JsonNode.Parse(line)!.AsObject();
            if (message["id"]?.GetValue<int>() == _id)
                return message["result"]?.AsObject() ?? throw new InvalidOperationException(line);
            await _notifications.Writer.WriteAsync(message);
        }
        throw new InvalidOperationException("The server is gone.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _toServer.Writer.CompleteAsync();
        await Task.WhenAny(_serving);
        await _server.DisposeAsync();
        _answers.Dispose();
        _stop.Dispose();
    }
}
