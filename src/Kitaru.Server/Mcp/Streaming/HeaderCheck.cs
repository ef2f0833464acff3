using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>Headers must say what the body says: whoever routes or limits by headers must not be told something else than the server.</summary>
internal static class HeaderCheck
{
    public const string Version = "MCP-Protocol-Version";
    private const string Method = "Mcp-Method";
    private const string Name = "Mcp-Name";
    private const string ParameterPrefix = "Mcp-Param-";
    private const string HeaderKeyword = "x-mcp-header";

    /// <summary>Decides which era the message is of, and refuses what belongs to none or to both.</summary>
    /// <returns>Whether it is of a version without sessions.</returns>
    /// <exception cref="RpcException">It is refused.</exception>
    public static bool IsStateless(HttpRequest request, Envelope envelope)
    {
        var header = request.Headers[Version].ToString();
        var stated = envelope.StatedVersion;
        var isStateless = stated is not null || string.CompareOrdinal(header, Envelope.FirstStateless) >= 0;
        if (!isStateless)
            return header.Length == 0 || Envelope.Versions.Contains(header) ? false : throw Unsupported(header, Envelope.Versions);
        if (header.Length == 0)
            throw Mismatch(Version, "nothing", stated!);
        if (stated is not null && stated != header)
            throw Mismatch(Version, header, stated);
        if (header != Envelope.FirstStateless)
            // What server/discover says: without a session there are no other versions.
            throw Unsupported(header, [Envelope.FirstStateless]);
        return true;
    }

    /// <summary>Checks a message of a version without sessions.</summary>
    /// <exception cref="RpcException">It is refused.</exception>
    public static void Check(HttpRequest request, Envelope envelope, Func<string, JsonElement?> toolSchema)
    {
        if (envelope.Method is not { } method)
            throw new RpcException(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidRequest, "There are no answers to send: this version asks the client nothing.");
        Agree(request, Method, method);
        if (NamedBy(method) is { } parameter && Text(envelope.Params?[parameter]) is { } named)
            Agree(request, Name, named);
        if (method == "tools/call" && Text(envelope.Params?["name"]) is { } tool && toolSchema(tool) is { } schema)
            CheckArguments(request, schema, envelope.Params?["arguments"] as JsonObject);
        if (envelope.IsRequest && envelope.StatedVersion is null)
            throw Lacks("protocolVersion");
        if (envelope.IsRequest && !envelope.StatesCapabilities)
            throw Lacks("clientCapabilities");
    }

    private static void CheckArguments(HttpRequest request, JsonElement schema, JsonObject? arguments)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        foreach (var property in properties.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty(HeaderKeyword, out var header) && arguments?[property.Name] is JsonValue value)
                Agree(request, ParameterPrefix + header.GetString(), McpHeaderEncoder.ConvertToHeaderValue(value) ?? value.ToString());
        }
    }

    private static void Agree(HttpRequest request, string header, string expected)
    {
        var given = request.Headers[header].ToString();
        if (given.Length == 0)
            throw Mismatch(header, "nothing", expected);
        // Names of tools and resources may hold what headers may not; then they come encoded.
        if (given != expected && Decoded(given) != expected && given != McpHeaderEncoder.EncodeValue(expected))
            throw Mismatch(header, given, expected);
    }

    private static string? Decoded(string given)
    {
        try
        {
            return McpHeaderEncoder.DecodeValue(given);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? NamedBy(string method) => method switch
    {
        "tools/call" or "prompts/get" => "name",
        "resources/read" => "uri",
        "tasks/get" or "tasks/update" or "tasks/cancel" => "taskId",
        _ => null,
    };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static RpcException Mismatch(string header, string got, string expected) => new(
        StatusCodes.Status400BadRequest, (int)McpErrorCode.HeaderMismatch,
        $"The header {header} must repeat what the message says, '{Texts.Short(expected, 80)}'; it is '{Texts.Short(got, 80)}'.");

    private static RpcException Lacks(string what) => new(
        StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidParams, $"params._meta lacks io.modelcontextprotocol/{what}; every request of this version has it.");

    private static RpcException Unsupported(string version, IEnumerable<string> supported) => new(
        StatusCodes.Status400BadRequest, (int)McpErrorCode.UnsupportedProtocolVersion, $"Version '{Texts.Short(version, 40)}' of the protocol is not spoken here.")
    {
        Particulars = new JsonObject
        {
            ["supported"] = new JsonArray([.. supported.Select(known => (JsonNode)known)]),
            ["requested"] = Texts.Short(version, 40),
        },
    };
}
