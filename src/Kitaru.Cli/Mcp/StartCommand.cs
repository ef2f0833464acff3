using Kitaru.Cli.Commands;
using Kitaru.Cli.Servers;

namespace Kitaru.Cli.Mcp;

/// <summary>kitaru mcp start.</summary>
internal static class StartCommand
{
    public static LeafCommand Create() => new(
        "mcp.start", "Becomes the MCP server kitaru-mcp, on standard input and output.", "kitaru mcp start",
        (call, cancellationToken) => ForegroundProgram.RunAsync(call, McpProgram.Assembly(call.Host), [], cancellationToken));
}
