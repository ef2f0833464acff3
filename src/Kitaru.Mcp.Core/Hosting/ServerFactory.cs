using Kitaru.Client.Status;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>The MCP server on a transport: stdio for kitaru-mcp, a pipe in tests.</summary>
internal static class ServerFactory
{
    public const string Name = "kitaru-mcp";

    public static McpServer Create(ITransport transport, Backend backend, TimeProvider time, TextWriter diagnostics) =>
        McpServer.Create(transport, Options(new ToolHandler(backend, time, diagnostics)));

    private static McpServerOptions Options(ToolHandler tools) => new()
    {
        ServerInfo = new Implementation { Name = Name, Title = "Kitaru", Version = RuntimeSnapshots.LibraryVersion },
        ServerInstructions = Instructions.Text,
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (_, _) => ValueTask.FromResult(tools.List()),
            CallToolHandler = async (request, cancellationToken) => await tools.CallAsync(request, cancellationToken),
        },
    };
}
