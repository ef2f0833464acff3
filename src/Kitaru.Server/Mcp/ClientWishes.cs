using Kitaru.Mcp.Tools;

namespace Kitaru.Server.Mcp;

/// <summary>What a client asks to do without, in headers or in the address it was set up with: less than the operator gives, never more.</summary>
internal static class ClientWishes
{
    public const string SetsHeader = "Kitaru-Mcp-Toolsets";
    public const string ReadOnlyHeader = "Kitaru-Mcp-Read-Only";

    /// <exception cref="KitaruUsageException">Something of it is not known.</exception>
    public static ToolPolicy Apply(HttpRequest request, ToolPolicy policy) => policy
        .Tighten(request.Headers[SetsHeader].ToString(), ToolPolicyWords.Flag(ReadOnlyHeader, request.Headers[ReadOnlyHeader].ToString()))
        .Tighten(request.Query["toolsets"].ToString(), ToolPolicyWords.Flag("read_only", request.Query["read_only"].ToString()));
}
