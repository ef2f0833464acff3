using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.Mcp.Hosting;

/// <summary>
/// Results on the short way. The SDK would write a result, parse what it wrote, and write that again; so it is given an empty one to do with what its protocol asks for, and what the
/// tool has answered is laid into the response just before it is sent.
/// </summary>
internal static class WrittenResults
{
    private const string Key = "kitaru.answer";

    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    /// <summary>Lays answers into responses.</summary>
    public static void AddTo(McpServerOptions options) => options.Filters.Message.OutgoingFilters.Add(next => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result, Context: { } about } && Take(about) is { } answer)
            Fill(result, answer);
        return next(context, cancellationToken);
    });

    /// <summary>The result of a call that succeeded; what it holds follows with the response.</summary>
    public static CallToolResult Defer(JsonRpcRequest request, ToolAnswer answer, IEnumerable<ContentBlock> links)
    {
        var about = request.Context ??= new JsonRpcMessageContext();
        (about.Items ??= new Dictionary<string, object?>())[Key] = answer;
        return new CallToolResult { IsError = false, Content = [new TextContentBlock { Text = "" }, .. links], StructuredContent = Nothing };
    }

    /// <summary>What a call has answered, when its result is not written yet.</summary>
    public static ToolAnswer? Of(JsonRpcRequest request) => request.Context?.Items is { } items && items.TryGetValue(Key, out var answer) ? answer as ToolAnswer : null;

    /// <summary>Something else is answered instead.</summary>
    public static void Drop(JsonRpcRequest request) => request.Context?.Items?.Remove(Key);

    private static ToolAnswer? Take(JsonRpcMessageContext about) => about.Items is { } items && items.Remove(Key, out var answer) ? answer as ToolAnswer : null;

    private static void Fill(JsonObject result, ToolAnswer answer)
    {
        if (result["content"] is JsonArray { Count: > 0 } content)
            content[0] = new JsonObject { ["type"] = "text", ["text"] = TextOf(answer) };
        // Versions that have no structured results go without.
        if (result.ContainsKey("structuredContent"))
            result["structuredContent"] = answer.Structured;
    }

    /// <summary>The common case is JSON of nothing but printable ASCII, which needs no look at its characters.</summary>
    private static string TextOf(ToolAnswer answer) =>
        answer.TextIsJson && !answer.Bytes.Span.ContainsAnyExceptInRange((byte)' ', (byte)'~') ? Encoding.ASCII.GetString(answer.Bytes.Span) : PlainText.Of(answer.Text);
}
