using Kitaru.Client.Status;
using Kitaru.Mcp.Flows;
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
    public static McpServer Create(ITransport transport, RequestScope scope, TimeProvider time, TextWriter diagnostics)
    {
        // The SDK lets a request that has begun come to its end when the client has closed; one that listens has none.
        var heard = scope with { Ended = EndOf(transport.MessageReader.Completion) };
        var tools = new ToolHandler(_ => heard, time, diagnostics.WriteLine);
        return McpServer.Create(transport, Options(tools, scope.Policy, writesAnswers: transport is LineTransport).WithTasks(_ => heard, time, diagnostics.WriteLine));
    }

    private static CancellationToken EndOf(Task completion)
    {
        var end = new CancellationTokenSource();
        _ = completion.ContinueWith(_ => end.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return end.Token;
    }

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
        Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = FlowTools.AreOn(policy) } },
        ScopeRequests = false,
        Handlers = new McpServerHandlers
        {
            ListToolsHandler = async (request, cancellationToken) => await tools.ListAsync(request, cancellationToken),
            CallToolHandler = async (request, cancellationToken) => await tools.CallAsync(request, cancellationToken),
        },
    };
}
