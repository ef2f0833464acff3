using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>A message as it came, and what it says of itself.</summary>
/// <param name="Message">The message.</param>
/// <param name="Id">The request's id as JSON; null for what is no request.</param>
/// <param name="Method">The method; null for an answer.</param>
/// <param name="Params">Its parameters.</param>
internal sealed record Envelope(JsonRpcMessage Message, JsonNode? Id, string? Method, JsonObject? Params)
{
    private const string VersionKey = "io.modelcontextprotocol/protocolVersion";
    private const string CapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";

    /// <summary>The first version without sessions.</summary>
    public const string FirstStateless = "2026-07-28";

    private static readonly string[] WithSessions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

    /// <summary>All versions that are spoken, newest first.</summary>
    public static IReadOnlyList<string> Versions { get; } = [FirstStateless, .. WithSessions.Reverse()];

    public bool IsRequest => Message is JsonRpcRequest;

    /// <summary>The version in the message.</summary>
    public string? StatedVersion => Meta?[VersionKey] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    public bool StatesCapabilities => Meta?[CapabilitiesKey] is JsonObject;

    private JsonObject? Meta => Params?["_meta"] as JsonObject;

    /// <summary>Reads a body. What it is not, or holds twice, is refused before anything is made of it.</summary>
    /// <exception cref="RpcException">It is not one JSON-RPC message.</exception>
    public static async Task<Envelope> ReadAsync(HttpRequest request, StreamingLimits limits, CancellationToken cancellationToken)
    {
        JsonNode? root;
        try
        {
            root = await JsonNode.ParseAsync(request.Body, null, new JsonDocumentOptions { MaxDepth = limits.MessageDepthMax, AllowDuplicateProperties = false }, cancellationToken);
        }
        catch (JsonException fault)
        {
            throw new RpcException(StatusCodes.Status400BadRequest, (int)McpErrorCode.ParseError, $"The body is not JSON of this protocol: {Core.Texts.Short(fault.Message, 200)}");
        }
        if (root is not JsonObject members)
            throw new RpcException(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest, "The body must be one JSON-RPC message; lists of messages are not taken.");
        var id = members["id"] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number ? members["id"] : null;
        try
        {
            var message = members.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions) ?? throw new JsonException("it is null");
            return new Envelope(message, message is JsonRpcRequest ? id : null, (members["method"] as JsonValue)?.ToString(), members["params"] as JsonObject);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or NotSupportedException)
        {
            throw new RpcException(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest, "The body is no JSON-RPC 2.0 message.") { Id = id };
        }
    }
}
