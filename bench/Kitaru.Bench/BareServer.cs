using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Bench;

/// <summary>What the SDK alone takes: a server over stdio with one tool registered by hand that answers the same result every time.</summary>
internal static class BareServer
{
    /// <summary>The argument with which this program is that server; the result to answer and the tool's name follow.</summary>
    public const string Mode = "bare-mcp";

    public static async Task RunAsync(string resultFile, string tool)
    {
        var result = JsonSerializer.Deserialize<CallToolResult>(await File.ReadAllTextAsync(resultFile), ModelContextProtocol.McpJsonUtilities.DefaultOptions)!;
        // As a real one would, it has a structured result and a text; nothing of them is made for a call.
        var constant = McpServerTool.Create((string? exec_id = null, string? artifact_id = null, int limit = 20) => result, new McpServerToolCreateOptions { Name = tool });
        await using var transport = new StdioServerTransport("bare");
        await using var server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "bare", Version = "1" },
            ScopeRequests = false,
            ToolCollection = [constant],
        });
        await server.RunAsync();
    }
}
