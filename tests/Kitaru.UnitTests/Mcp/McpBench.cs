using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Hosting;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.UnitTests.Mcp;

/// <summary>The real server and a real client of the protocol, joined by two pipes, on a store in a folder of its own.</summary>
internal sealed class McpBench : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kitaru-mcp-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private Dictionary<string, JsonObject>? _schemas;
    private McpServer _server = null!;
    private Task _serving = Task.CompletedTask;

    private McpBench() => Backend = new Backend(KitaruClient.Connect(new KitaruClientOptions { ConfigPath = _folder }), startStack: null);

    public Backend Backend { get; }

    public McpClient Client { get; private set; } = null!;

    public StringWriter Diagnostics { get; } = new();

    public static async Task<McpBench> StartAsync(ToolPolicy? policy = null, McpClientOptions? client = null, string? version = null)
    {
        var bench = new McpBench();
        Pipe toServer = new(), toClient = new();
        bench._server = ServerFactory.Create(
            new LineTransport(new StreamServerTransport(toServer.Reader.AsStream(), Stream.Null), toClient.Writer.AsStream()), new RequestScope(bench.Backend, policy ?? ToolPolicy.Everything), TimeProvider.System, bench.Diagnostics);
        bench._serving = bench._server.RunAsync(bench._stop.Token);
        if (version is not null)
            (client ??= new McpClientOptions()).ProtocolVersion = version;
        bench.Client = await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), client);
        return bench;
    }

    /// <summary>Calls a tool with arguments as JSON text.</summary>
    public async Task<CallToolResult> CallAsync(string tool, string arguments = "{}") => await Client.CallToolAsync(new CallToolRequestParams
    {
        Name = tool,
        Arguments = JsonDocument.Parse(arguments).RootElement.EnumerateObject().ToDictionary(pair => pair.Name, pair => pair.Value),
    });

    /// <summary>Calls a tool, which must succeed with a result that fits the schema the server gave for it.</summary>
    public async Task<JsonObject> SuccessAsync(string tool, string arguments)
    {
        var result = await CallAsync(tool, arguments);
        (result.IsError ?? false).ShouldBeFalse(result.Text());
        _schemas ??= (await Client.ListToolsAsync()).ToDictionary(item => item.Name, item => JsonObject.Create(item.ProtocolTool.OutputSchema!.Value)!);
        var structured = result.Structured();
        JsonSchemaValidator.Validate(_schemas[tool], structured).ShouldBeEmpty();
        if (tool != "get_execution_logs")
            TextBlock.ShouldSay(JsonNode.Parse(result.Text()), structured);
        return structured;
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _stop.CancelAsync();
        await Task.WhenAny(_serving);
        await _server.DisposeAsync();
        await Backend.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

internal static class ToolResults
{
    public static JsonObject Structured(this CallToolResult result) => JsonObject.Create(result.StructuredContent!.Value)!;

    public static string Text(this CallToolResult result) => result.Content.OfType<TextContentBlock>().ShouldHaveSingleItem().Text;

    /// <summary>The error of a call that must have failed.</summary>
    public static JsonObject Error(this CallToolResult result)
    {
        result.IsError.ShouldBe(true, result.Text());
        return result.Structured()["error"]!.AsObject();
    }
}
