using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Audit;

/// <summary>
/// Writes down every change that is made through a tool, in the log of each execution it concerns, beside what the worker says: who, with which tool, with which arguments (as a
/// digest, without what is secret), and when.
/// </summary>
internal static class AuditedTool
{
    public const string Module = "kitaru.audit";

    /// <summary>What is left out of the digest beside secrets: it does not say what was changed.</summary>
    private static readonly string[] Aside = ["idempotency_key", "wait_seconds", "confirm"];

    public static KitaruTool Add(KitaruTool tool) => tool.Hints.ReadOnly ? tool : tool with
    {
        CallAsync = async (call, cancellationToken) =>
        {
            var answer = await tool.CallAsync(call, cancellationToken);
            if (!IsDryRun(call, answer.Structured))
                await WriteAsync(tool, call, answer.Structured);
            return answer;
        },
    };

    private static async Task WriteAsync(KitaruTool tool, ToolCall call, JsonObject answer)
    {
        var entry = new LogEntry
        {
            Source = "runner",
            Module = Module,
            Level = "INFO",
            Timestamp = call.Time.GetUtcNow(),
            Message = $"audit: {tool.Name} by {call.Caller}, arguments sha256:{Digest(tool, call.Arguments)}, done",
        };
        foreach (var id in AuditedExecutions.Of(call.Arguments, answer))
        {
            try
            {
                // Not the caller's token: what was done is written down even when nobody waits for the answer any more.
                await (await call.Backend.OpenAsync(CancellationToken.None)).Logs.AppendAsync(id, [entry], CancellationToken.None);
            }
            catch (KitaruException)
            {
                // The change is made, and the call must say so; a deleted execution has no log.
            }
        }
    }

    private static bool IsDryRun(ToolCall call, JsonObject answer) =>
        call.Any("dry_run") is JsonValue dry && dry.GetValue<bool>() || answer["preview"] is JsonValue preview && preview.GetValue<bool>();

    private static string Digest(KitaruTool tool, JsonObject arguments)
    {
        var secret = tool.Arguments.Where(argument => argument.IsSensitive).Select(argument => argument.Name).ToHashSet(StringComparer.Ordinal);
        var said = new JsonObject(arguments.Where(pair => !secret.Contains(pair.Key) && !Aside.Contains(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(said)))[..16];
    }
}
