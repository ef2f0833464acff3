using System.Text.Json.Nodes;

namespace Kitaru.Server.Mcp.Streaming;

/// <summary>A message that is refused before a server sees it.</summary>
/// <param name="status">The answer's HTTP status.</param>
/// <param name="code">The JSON-RPC code.</param>
/// <param name="message">What is wrong and what to do.</param>
internal sealed class RpcException(int status, int code, string message) : Exception(message)
{
    /// <summary>For what HTTP alone is about, such as a session that is not there.</summary>
    public const int ServerError = -32000;

    public int Status => status;

    public int Code => code;

    /// <summary>The id of the request, which every answer repeats.</summary>
    public JsonNode? Id { get; init; }

    /// <summary>Particulars for a program.</summary>
    public JsonObject? Particulars { get; init; }

    public Task WriteAsync(HttpContext context, JsonNode? id)
    {
        var error = new JsonObject { ["code"] = code, ["message"] = Message };
        if (Particulars is not null)
            error["data"] = Particulars.DeepClone();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = (Id ?? id)?.DeepClone(), ["error"] = error }.ToJsonString(), context.RequestAborted);
    }
}
