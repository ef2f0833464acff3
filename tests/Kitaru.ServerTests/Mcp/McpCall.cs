using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Kitaru.ServerTests.Mcp;

/// <summary>Messages written by hand, so that they can be wrong.</summary>
internal static class McpCall
{
    public const string Stateless = "2026-07-28";

    public static JsonObject Message(string method, JsonObject? parameters = null, string? version = Stateless)
    {
        parameters ??= [];
        if (version is not null)
        {
            parameters["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = version,
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
            };
        }
        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method, ["params"] = parameters };
    }

    public static JsonObject Tool(string name, JsonObject? arguments = null) => Message("tools/call", new JsonObject { ["name"] = name, ["arguments"] = arguments ?? [] });

    public static JsonObject Initialize(string version = "2025-11-25") => Message(
        "initialize", new JsonObject { ["protocolVersion"] = version, ["capabilities"] = new JsonObject(), ["clientInfo"] = new JsonObject { ["name"] = "tests", ["version"] = "1" } }, version: null);

    public static Task<HttpResponseMessage> SendAsync(HttpClient http, JsonObject message, params (string Name, string Value)[] headers) => SendAsync(http, message.ToJsonString(), [.. Standard(message), .. headers]);

    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, headers.LastOrDefault(header => header.Name == "path").Value ?? "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        foreach (var (name, value) in headers.Where(header => header.Name != "path"))
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return await http.SendAsync(request);
    }

    /// <summary>The one JSON-RPC answer, however it is framed.</summary>
    public static async Task<JsonObject> AnswerAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        var line = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? text.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..] : text;
        return JsonNode.Parse(line)!.AsObject();
    }

    public static async Task<JsonObject> ResultAsync(this HttpResponseMessage response)
    {
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return (await response.AnswerAsync())["result"]!.AsObject();
    }

    private static IEnumerable<(string, string)> Standard(JsonObject message)
    {
        if (message["params"]?["_meta"]?["io.modelcontextprotocol/protocolVersion"] is not { } version)
            yield break;
        yield return ("MCP-Protocol-Version", version.ToString());
        yield return ("Mcp-Method", message["method"]!.ToString());
        if (message["params"]!["name"] is { } name)
            yield return ("Mcp-Name", name.ToString());
    }
}
