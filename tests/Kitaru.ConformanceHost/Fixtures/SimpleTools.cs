using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Kitaru.ConformanceHost.Fixtures;

/// <summary>Tools that ask nothing back.</summary>
internal static class SimpleTools
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static IReadOnlyList<Fixture> All { get; } =
    [
        Tools.Of("test_simple_text", _ => Contents.Result(Contents.Text("This is a simple text response for testing."))),
        Tools.Of("test_image_content", _ => Contents.Result(Contents.Image())),
        Tools.Of("test_audio_content", _ => Contents.Result(Contents.Audio())),
        Tools.Of("test_embedded_resource", _ => Contents.Result(Contents.Resource("test://embedded-resource", "text/plain", "This is an embedded resource content."))),
        Tools.Of("test_multiple_content_types", _ => Contents.Result(
            Contents.Text("Multiple content types test:"), Contents.Image(), Contents.Resource("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""))),
        Tools.Of("test_error_handling", _ => new CallToolResult { IsError = true, Content = [Contents.Text("This tool intentionally returns an error for testing")] }),
        Tools.Of("test_tool_with_logging", (request, stop) => LogAsync(request, request.NegotiatedIsStateless(), stop)),
        Tools.Of("test_logging_tool", (request, stop) => LogAsync(request, request.NegotiatedIsStateless(), stop)),
        Tools.Of("test_tool_with_progress", ProgressAsync),
        Tools.Of("test_header_tool", _ => Contents.Result(Contents.Text("routed")), """{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"}}}"""),
        Tools.Of("json_schema_2020_12_tool", _ => Contents.Result(Contents.Text("ok")), Schema),
    ];

    private const string Schema =
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "$defs": { "address": { "$anchor": "addressDef", "type": "object", "properties": { "street": { "type": "string" }, "city": { "type": "string" } } } },
          "properties": { "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" }, "contactMethod": { "type": "string", "enum": ["phone", "email"] }, "phone": { "type": "string" }, "email": { "type": "string" } },
          "allOf": [ { "anyOf": [ { "required": ["phone"] }, { "required": ["email"] } ] } ],
          "if": { "properties": { "contactMethod": { "const": "phone" } }, "required": ["contactMethod"] },
          "then": { "required": ["phone"] },
          "else": { "required": ["email"] },
          "additionalProperties": false
        }
        """;

    /// <summary>Newer clients hear log lines of a request only when they ask for them.</summary>
    private static bool NegotiatedIsStateless(this RequestContext<CallToolRequestParams> request) => request.JsonRpcRequest.Context?.ProtocolVersion is "2026-07-28";

    private static async Task<CallToolResult> LogAsync(RequestContext<CallToolRequestParams> request, bool onlyIfAsked, CancellationToken cancellationToken)
    {
        foreach (var line in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            if (!onlyIfAsked || request.JsonRpcRequest.Context?.LogLevel is not null)
            {
                var data = new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Logger = "conformance", Data = JsonSerializer.SerializeToElement(line, McpJsonUtilities.DefaultOptions) };
                await request.Server.SendNotificationAsync(NotificationMethods.LoggingMessageNotification, data, cancellationToken: cancellationToken);
            }
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
        return Contents.Result(Contents.Text("Tool with logging executed."));
    }

    private static async Task<CallToolResult> ProgressAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        foreach (var done in (int[])[0, 50, 100])
        {
            if (request.Params!.ProgressToken is { } token)
                await request.Server.NotifyProgressAsync(token, new ProgressNotificationValue { Progress = done, Total = 100 }, cancellationToken: cancellationToken);
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
        return Contents.Result(Contents.Text("Tool with progress executed."));
    }
}
