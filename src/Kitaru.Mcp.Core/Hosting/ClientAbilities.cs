using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>What a client says it can do: with each request, or, in versions with sessions, once.</summary>
internal static class ClientAbilities
{
    public const string Tasks = "io.modelcontextprotocol/tasks";

    /// <summary>Whether it can ask its user to fill in a form.</summary>
    public static bool CanElicit(JsonRpcRequest request, McpServer? server = null) =>
        (request.Context?.ClientCapabilities ?? server?.ClientCapabilities)?.Elicitation is { } elicitation && (elicitation.Form is not null || elicitation.Url is null);

    /// <summary>Whether this request may be answered with a task. Only versions that say it with every request have tasks.</summary>
    public static bool TakesTasks(JsonRpcRequest request) => request.Context?.ClientCapabilities?.Extensions?.ContainsKey(Tasks) == true;

    /// <summary>Who it says it is.</summary>
    public static string? NameOf(JsonRpcRequest request, McpServer? server = null) => (request.Context?.ClientInfo ?? server?.ClientInfo)?.Name;
}
