using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.Quickstart;

/// <summary>kitaru-mcp as a child process, spoken to over stdio.</summary>
internal sealed class KitaruServer : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly McpClient _client;
    private readonly StreamWriter _log;
    private readonly Transcript _transcript;

    private KitaruServer(McpClient client, StreamWriter log, Transcript transcript) => (_client, _log, _transcript) = (client, log, transcript);

    public string Name => $"{_client.ServerInfo?.Name} {_client.ServerInfo?.Version}";

    public static async Task<KitaruServer> StartAsync(Places places, Transcript transcript, CancellationToken cancellationToken)
    {
        var log = new StreamWriter(places.ServerLog) { AutoFlush = true };
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "kitaru",
            Command = "dotnet",
            Arguments = [Places.Server],
            WorkingDirectory = Places.Example,
            EnvironmentVariables = new Dictionary<string, string?> { ["KITARU_CONFIG_PATH"] = places.Config },
            StandardErrorLines = line =>
            {
                lock (log)
                    log.WriteLine(line);
            },
        });
        // On a busy machine the first start may take longer than the SDK's probe of five seconds; after that it could not connect any more.
        var options = new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan };
        return new KitaruServer(await McpClient.CreateAsync(transport, options, cancellationToken: cancellationToken), log, transcript);
    }

    public async Task<IReadOnlyList<string>> ToolsAsync(CancellationToken cancellationToken) =>
        [.. (await _client.ListToolsAsync(cancellationToken: cancellationToken)).Select(tool => tool.Name)];

    /// <summary>Calls a tool and shows the call.</summary>
    public Task<JsonObject> CallAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        _transcript.Call(tool, arguments.ToJsonString(Compact));
        return AskAsync(tool, arguments, cancellationToken);
    }

    /// <summary>Calls a tool without a word.</summary>
    public async Task<JsonObject> AskAsync(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        var given = arguments.ToDictionary(pair => pair.Key, pair => (object?)pair.Value?.DeepClone());
        var result = await _client.CallToolAsync(tool, given, cancellationToken: cancellationToken);
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        if (result.IsError == true)
            throw new ToolFailedException(tool, text);
        return JsonNode.Parse(result.StructuredContent?.GetRawText() ?? text)!.AsObject();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _log.DisposeAsync();
    }
}
