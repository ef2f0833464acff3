using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.EndToEndTests.World;

/// <summary>The SDK's client of a server's /mcp.</summary>
internal sealed class McpOverHttp(HttpClient http, HttpClientTransport transport, McpClient client) : IAsyncDisposable
{
    private static readonly TimeSpan CallMax = TimeSpan.FromSeconds(120);

    public static async Task<McpOverHttp> ConnectAsync(string url, string token, string version)
    {
        var http = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(url + "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        return new McpOverHttp(http, transport, await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version, InitializationTimeout = CallMax }));
    }

    public async Task<IReadOnlyList<string>> ListToolsAsync() => [.. (await client.ListToolsAsync()).Select(tool => tool.Name)];

    public async Task<Answer> CallAsync(string tool, object arguments)
    {
        var given = JsonSerializer.SerializeToNode(arguments)!.AsObject().Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => (object?)pair.Value);
        using var limit = new CancellationTokenSource(CallMax);
        var result = await client.CallToolAsync(tool, given, cancellationToken: limit.Token);
        var text = string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        return new Answer(result.IsError == true, text, result.StructuredContent is { } data ? JsonObject.Create(data)! : []);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await transport.DisposeAsync();
        http.Dispose();
    }
}
