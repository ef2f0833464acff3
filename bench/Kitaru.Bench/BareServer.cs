using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Bench;

/// <summary>
/// What the SDK alone takes: a server over its stdio transport with one tool, whose data lies ready in memory.
/// </summary>
internal static class BareServer
{
    /// <summary>The argument with which this program is that server; the way, the result to answer and the tool's name follow.</summary>
    public const string Mode = "bare-mcp";

    /// <summary>
    /// The way the SDK is meant to be used: the method returns an object, and the SDK makes the structured result and the text of it. This is what kitaru-mcp is compared with, because both
    /// then do for a call what has to be done for an answer that differs from the one before; kitaru-mcp has to find and make that answer as well.
    /// </summary>
    public const string OwnWay = "object";

    /// <summary>The method returns one finished result, with the text and the structured part in it: no server whose answers differ can do this. It is shown as the floor.</summary>
    public const string Constant = "constant";

    public static async Task RunAsync(string way, string resultFile, string tool)
    {
        var result = JsonSerializer.Deserialize<CallToolResult>(await File.ReadAllTextAsync(resultFile), McpJsonUtilities.DefaultOptions)!;
        await using var transport = new StdioServerTransport("bare");
        await using var server = McpServer.Create(transport, new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "bare", Version = "1" },
            ScopeRequests = false,
            ToolCollection = [way == Constant ? ToolOf(result, tool) : ToolOf(JsonObject.Create(result.StructuredContent!.Value)!, tool)],
        });
        await server.RunAsync();
    }

    private static McpServerTool ToolOf(CallToolResult result, string tool) =>
        McpServerTool.Create((string? exec_id = null, string? artifact_id = null, int limit = 20) => result, new McpServerToolCreateOptions { Name = tool });

    private static McpServerTool ToolOf(JsonObject data, string tool)
    {
        Unfold(data);
        return McpServerTool.Create((string? exec_id = null, string? artifact_id = null, int limit = 20) => data, new McpServerToolCreateOptions
        {
            Name = tool,
            UseStructuredContent = true,
            OutputSchema = JsonElement.Parse("""{"type":"object"}"""),
        });
    }

    /// <summary>What was parsed and never looked at would be copied as text: not what objects of a program are.</summary>
    private static void Unfold(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (_, member) in members)
                Unfold(member);
        }
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Unfold(item);
        }
    }
}
