using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Audit;

/// <summary>Writes down every change that is made through a tool: who, with which tool, on what, with which arguments (as a digest, without what is secret), and when.</summary>
internal static class AuditedTool
{
    /// <summary>What is left out of the digest beside secrets: it does not say what was changed.</summary>
    private static readonly string[] Aside = ["idempotency_key", "wait_seconds", "confirm"];

    /// <summary>Arguments and results that name what was changed. Never a value that somebody gives to a flow or keeps secret.</summary>
    private static readonly string[] Given = ["action", "flow", "version", "tag", "exclusive", "name", "stack_type", "target", "at", "status", "older_than_days"];
    private static readonly string[] Answered = ["version", "deleted", "url"];

    public static KitaruTool Add(KitaruTool tool) => tool.Hints.ReadOnly ? tool : tool with
    {
        CallAsync = async (call, cancellationToken) =>
        {
            var answer = await tool.CallAsync(call, cancellationToken);
            if (!IsDryRun(call, answer.Structured))
            {
                var entry = new AuditEntry(tool.Name, call.Caller, Digest(tool, call.Arguments), About(tool, call.Arguments, answer.Structured), AuditedExecutions.Of(call.Arguments, answer.Structured));
                await AuditTrail.WriteAsync(entry, call.Backend, call.Time, call.Diagnose);
            }
            return answer;
        },
    };

    /// <summary>Arguments as what tells them apart, and nothing else of them.</summary>
    public static string Digest(JsonObject arguments) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Bytes(arguments)))[..16];

    private static bool IsDryRun(ToolCall call, JsonObject answer) =>
        call.Any("dry_run") is JsonValue dry && dry.GetValue<bool>() || answer["preview"] is JsonValue preview && preview.GetValue<bool>();

    private static string Digest(KitaruTool tool, JsonObject arguments)
    {
        var secret = Secret(tool);
        return Digest(new JsonObject(arguments.Where(pair => !secret.Contains(pair.Key) && !Aside.Contains(pair.Key)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))));
    }

    private static JsonObject About(KitaruTool tool, JsonObject arguments, JsonObject answer)
    {
        var (about, secret) = (new JsonObject(), Secret(tool));
        foreach (var (name, node) in Given.Where(name => !secret.Contains(name)).Select(name => (name, arguments[name])).Concat(Answered.Select(name => (name, answer[name]))))
        {
            if (node is JsonValue value)
                about[name] = value.GetValueKind() == JsonValueKind.String ? Texts.Short(value.GetValue<string>(), 200) : value.DeepClone();
        }
        return about;
    }

    private static HashSet<string> Secret(KitaruTool tool) => tool.Arguments.Where(argument => argument.IsSensitive).Select(argument => argument.Name).ToHashSet(StringComparer.Ordinal);
}
