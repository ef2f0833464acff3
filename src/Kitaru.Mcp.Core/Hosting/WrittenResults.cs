using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;
using Kitaru.Mcp.Untrusted;
using ModelContextProtocol;
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

    /// <summary>Lays answers into responses, for transports that do not write them themselves.</summary>
    public static void AddTo(McpServerOptions options) => options.Filters.Message.OutgoingFilters.Add(next => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result, Context: { } about } && Take(about) is { } answer)
            Fill(result, answer);
        return next(context, cancellationToken);
    });

    /// <summary>The result of a call; what it holds follows with the response.</summary>
    public static CallToolResult Defer(JsonRpcRequest request, ToolAnswer answer, bool isError, params IEnumerable<ContentBlock> links)
    {
        // The second round of a call that had a question for the user: in versions with sessions the SDK makes it with a request of its own, and answers the first.
        if (request.Params is JsonObject parameters && (parameters.ContainsKey("inputResponses") || parameters.ContainsKey("requestState")))
            return ToolHandler.ToResult(answer, isError, links);
        var about = request.Context ??= new JsonRpcMessageContext();
        (about.Items ??= new Dictionary<string, object?>())[Key] = answer;
        return new CallToolResult { IsError = isError, Content = [new TextContentBlock { Text = "" }, .. links], StructuredContent = Nothing };
    }

    /// <summary>What a call has answered, when its result is not written yet.</summary>
    public static ToolAnswer? Of(JsonRpcRequest request) => request.Context?.Items is { } items && items.TryGetValue(Key, out var answer) ? answer as ToolAnswer : null;

    /// <summary>Something else is answered instead.</summary>
    public static void Drop(JsonRpcRequest request) => request.Context?.Items?.Remove(Key);

    private static ToolAnswer? Take(JsonRpcMessageContext about) => about.Items is { } items && items.Remove(Key, out var answer) ? answer as ToolAnswer : null;

    /// <summary>Writes a response with an answer; false for any other message.</summary>
    public static bool TryWrite(JsonRpcMessage message, IBufferWriter<byte> line)
    {
        if (message is not JsonRpcResponse { Result: JsonObject result, Context: { } about } response || Take(about) is not { } answer)
            return false;
        using var writer = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = KitaruJson.Options.Encoder, SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("jsonrpc"u8, "2.0"u8);
        writer.WritePropertyName("id"u8);
        if (response.Id.Id is long number)
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(response.Id.ToString());
        writer.WriteStartObject("result"u8);
        foreach (var (name, value) in result)
        {
            writer.WritePropertyName(name);
            if (name == "content" && value is JsonArray content)
                WriteContent(writer, content, answer);
            else if (name == "structuredContent")
                writer.WriteRawValue(answer.Bytes.Span, skipInputValidation: true);
            else if (value is null)
                writer.WriteNullValue();
            else
                value.WriteTo(writer, McpJsonUtilities.DefaultOptions);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
        return true;
    }

    private static void WriteContent(Utf8JsonWriter writer, JsonArray content, ToolAnswer answer)
    {
        writer.WriteStartArray();
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        if (answer.OwnText is { } text)
            writer.WriteString("text"u8, PlainText.Of(text));
        else if (IsPlain(answer.ShortBytes.Span))
            writer.WriteString("text"u8, answer.ShortBytes.Span);
        else
            writer.WriteString("text"u8, PlainText.Of(answer.Text));
        writer.WriteEndObject();
        foreach (var link in content.Skip(1))
            link!.WriteTo(writer, McpJsonUtilities.DefaultOptions);
        writer.WriteEndArray();
    }

    private static void Fill(JsonObject result, ToolAnswer answer)
    {
        if (result["content"] is JsonArray { Count: > 0 } content)
            content[0] = new JsonObject { ["type"] = "text", ["text"] = PlainText.Of(answer.Text) };
        // Versions that have no structured results go without.
        if (result.ContainsKey("structuredContent"))
            result["structuredContent"] = answer.IsShared ? answer.Structured.DeepClone() : answer.Structured;
    }

    /// <summary>The common case, which needs no look at its characters.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)' ', (byte)'~');
}
