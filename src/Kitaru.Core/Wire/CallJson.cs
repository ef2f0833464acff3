using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>A checkpoint call and its attempts on the wire (runtime.md 1.2 and 1.3).</summary>
public static class CallJson
{
    private static readonly string[] KnownTypes = ["llm_call", "tool_call", "memory_call"];

    /// <summary>The contract's thirteen keys; ours: cache_status, cached_call_id.</summary>
    public static JsonObject Of(CallRecord call)
    {
        var known = KnownTypes.Contains(call.Type, StringComparer.Ordinal);
        var metadata = (JsonObject)call.Metadata.DeepClone();
        if (call.Type is not null && !known)
            metadata.TryAdd("kitaru.type", call.Type);
        return new JsonObject
        {
            ["call_id"] = call.Id.ToString(),
            ["name"] = call.Name,
            ["checkpoint_type"] = known ? call.Type : null,
            ["status"] = StatusWords.Of(call.Status),
            ["started_at"] = WireTime.Text(call.StartedAt),
            ["ended_at"] = WireTime.Text(call.EndedAt),
            ["metadata"] = metadata,
            ["original_call_id"] = call.OriginalCallId?.ToString(),
            ["parent_call_ids"] = new JsonArray([.. call.Parents.Select(parent => (JsonNode)parent.ToString())]),
            ["failure"] = FailureJson.Of(call.Failure),
            ["attempts"] = new JsonArray([.. call.Attempts.Select(Attempt)]),
            ["artifacts"] = new JsonArray([.. call.Artifacts.Select(ArtifactJson.Of)]),
            ["llm_usage_records"] = new JsonArray([.. UsageJson.Records(call)]),
            ["cache_status"] = CacheStatus(call),
            ["cached_call_id"] = call.CachedCallId?.ToString(),
        };
    }

    /// <summary>Whether the result was computed here; null until it is there (the words of runtime.md 10.3).</summary>
    internal static string? CacheStatus(CallRecord call) =>
        call.CachedCallId is not null ? "checkpoint_cache_hit"
        : call.OriginalCallId is not null ? "replay_reused"
        : call.Status == ExecutionStatus.Completed ? "executed" : null;

    /// <summary>The contract's seven keys; ours: interrupted.</summary>
    public static JsonObject Attempt(CallAttempt attempt) => new()
    {
        ["attempt_id"] = attempt.Id.ToString("D"),
        ["status"] = StatusWords.Of(attempt.Status),
        ["started_at"] = WireTime.Text(attempt.StartedAt),
        ["ended_at"] = WireTime.Text(attempt.EndedAt),
        ["metadata"] = attempt.Metadata.DeepClone(),
        ["failure"] = FailureJson.Of(attempt.Failure),
        ["llm_usage_records"] = new JsonArray([.. UsageJson.Records(attempt.Metadata)]),
        ["interrupted"] = attempt.Interrupted,
    };
}
