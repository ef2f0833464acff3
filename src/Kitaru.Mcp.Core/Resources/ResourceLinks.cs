using System.Text.Json.Nodes;
using Kitaru.Core;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Resources;

/// <summary>Links in results of tools: to the execution that was started, and to the rest of a value. One at most, since all of them are read.</summary>
internal static class ResourceLinks
{
    /// <summary>The first version that knows links in results.</summary>
    private const string FirstWithLinks = "2025-06-18";

    public static IEnumerable<ContentBlock> Of(MessageContext request, JsonObject result)
    {
        if (string.CompareOrdinal(request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion, FirstWithLinks) < 0)
            return [];
        // What starts an execution answers with it, or with null under this name when it cannot be read just now.
        if (result.TryGetPropertyValue("execution", out var execution) && TextOf(result["exec_id"] ?? (execution as JsonObject)?["exec_id"]) is { } id && ExecutionId.TryParse(id, out var started))
            return [new ResourceLinkBlock { Uri = ResourceAddress.OfExecution(started), Name = $"execution {started}", MimeType = StoredValue.Json }];
        if (TextOf(result["artifact_id"]) is { } artifact && result["next_offset"] is JsonValue next)
            return [new ResourceLinkBlock { Uri = ResourceAddress.OfArtifact(artifact, next.GetValue<long>()), Name = "the next range", MimeType = StoredValue.Text }];
        return [];
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
