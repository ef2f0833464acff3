using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Kitaru.EndToEndTests.Package;

/// <summary>kitaru-mcp, started in a folder with a store of its own there.</summary>
internal sealed class McpSession(McpClient client) : IAsyncDisposable
{
    public static async Task<McpSession> StartAsync(string folder, IReadOnlyDictionary<string, string> environment)
    {
        var variables = environment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        variables["KITARU_CONFIG_PATH"] = Path.Combine(folder, "config");
        return new McpSession(await McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = "dotnet",
            Arguments = [Programs.Server],
            WorkingDirectory = folder,
            EnvironmentVariables = variables,
        }), new McpClientOptions { DiscoverProbeTimeout = Timeout.InfiniteTimeSpan }));
    }

    public async Task<JsonElement> CallAsync(string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments);
        result.IsError.ShouldNotBe(true, string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text)));
        return result.StructuredContent!.Value;
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
