using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>The frozen execution spec (runtime.md 1.8): nulls dropped inside metadata, all keys present as itself.</summary>
internal static class SpecJson
{
    public const string MetadataKey = "kitaru_execution_spec";

    private static readonly string[] Resolved = ["stack", "image", "cache", "retries"];
    private static readonly string[] Defaults = ["stack", "image", "cache", "retries", "server_url", "auth_token", "project"];
    private static readonly string[] Connection = ["server_url", "auth_token", "project"];
    private static readonly string[] Models = ["aliases", "default"];

    /// <summary>Whether an execution's checkpoints reuse results of others; null when each decides for itself.</summary>
    public static bool? CacheOf(JsonObject? spec) =>
        (spec?["resolved_execution"] as JsonObject)?["cache"] is JsonValue cache && cache.TryGetValue<bool>(out var value) ? value : null;

    public static JsonObject? Full(JsonObject? spec)
    {
        if (spec is null)
            return null;
        var full = new JsonObject
        {
            ["version"] = spec["version"]?.DeepClone() ?? 1,
            ["resolved_execution"] = Block(spec, "resolved_execution", Resolved),
            ["flow_defaults"] = Block(spec, "flow_defaults", Defaults),
            ["connection"] = Block(spec, "connection", Connection),
            ["model_registry"] = spec["model_registry"] is JsonObject ? Block(spec, "model_registry", Models) : null,
        };
        foreach (var (key, value) in spec)
            full.TryAdd(key, value?.DeepClone());
        return full;
    }

    public static JsonObject WithoutNulls(JsonObject spec)
    {
        var result = new JsonObject();
        foreach (var (key, value) in spec)
        {
            if (value is JsonObject inner)
                result[key] = WithoutNulls(inner);
            else if (value is not null)
                result[key] = value.DeepClone();
        }
        return result;
    }

    private static JsonObject Block(JsonObject spec, string name, string[] keys)
    {
        var given = spec[name] as JsonObject;
        var block = new JsonObject();
        foreach (var key in keys)
            block[key] = given?[key]?.DeepClone();
        foreach (var (key, value) in given ?? [])
            block.TryAdd(key, value?.DeepClone());
        return block;
    }
}
