using Kitaru.Cli.Running;

namespace Kitaru.Cli.Mcp;

/// <summary>Where kitaru-mcp lies.</summary>
internal static class McpProgram
{
    public static string Assembly(CliHost host) => Path.Combine(host.ProgramFolder, "kitaru-mcp.dll");
}
