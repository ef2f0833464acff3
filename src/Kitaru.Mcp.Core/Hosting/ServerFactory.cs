using Kitaru.Client.Status;
using Kitaru.Mcp.Tasks;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>The MCP server, whatever carries it: stdio for kitaru-mcp, HTTP for kitaru-server, a pipe in tests.</summary>
internal static class ServerFactory
{
    public const string Name = "kitaru-mcp";

    /// <summary>A server for one client on the user's own machine.</summary>
    public static McpServer Create(ITransport transport, RequestScope scope, TimeProvider time, TextWriter diagnostics) =>
        McpServer.Create(transport, Options(new ToolHandler(_ => scope, time, diagnostics.WriteLine), scope.Policy, writesAnswers: transport is LineTransport).WithTasks(_ => scope, time, diagnostics.WriteLine));

    /// <summary>What makes a server: the handlers are those of every client, the instructions those of the policy.</summary>
    /// <param name="tools">Answers calls.</param>
    /// <param name="policy">Which tools there are.</param>
    /// <param name="writesAnswers">Whether the transport writes answers of tools by itself.</param>
    public static McpServerOptions Options(ToolHandler tools, ToolPolicy policy, bool writesAnswers = false)
    {
        var options = Tools(tools, policy);
        tools.Offerings.AddTo(options);
        if (!writesAnswers)
            WrittenResults.AddTo(options);
        return options;
    }

    private static McpServerOptions Tools(ToolHandler tools, ToolPolicy policy) => new()
    {
        ServerInfo = Identity.Server,
        ServerInstructions = Instructions.For(policy),
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability() },
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = (request, _) => ValueTask.FromResult(tools.List(request)),
            CallToolHandler = async (request, cancellationToken) => await tools.CallAsync(request, cancellationToken),
        },
    };
}
