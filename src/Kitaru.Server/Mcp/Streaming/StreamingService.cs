using System.Text.Json;
using ModelContextProtocol.Server;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>What is served: the binding knows nothing of tools, accounts or stores.</summary>
internal sealed record StreamingService
{
    /// <summary>Makes the options of a server: for one request, or for one session.</summary>
    public required Func<HttpContext, McpServerOptions> Options { get; init; }

    /// <summary>Whose request it is: a session is its owner's alone.</summary>
    public required Func<HttpContext, string> Owner { get; init; }

    /// <summary>What handlers find in the items of their request. It may be used after the request has ended: a session's work goes on without it.</summary>
    public Action<HttpContext, IDictionary<string, object?>> Attach { get; init; } = (_, _) => { };

    /// <summary>Prepares a new session, such as with items for the handlers of all its requests.</summary>
    public Action<Session> Begin { get; init; } = _ => { };

    /// <summary>The input schema of a tool, for arguments that are mirrored in headers; null for a tool that has none of them.</summary>
    public Func<HttpContext, string, JsonElement?> ToolSchema { get; init; } = (_, _) => null;

    /// <summary>Ends what only waits.</summary>
    public CancellationToken Stopping { get; init; }
}
