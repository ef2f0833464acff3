using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;

namespace Kitaru.Core.Wire;

/// <summary>Model usage as it lies in metadata (runtime.md 10).</summary>
internal static class UsageJson
{
    private const string RecordsKey = "llm_usage_v1";
    private const string SummaryKey = "llm_usage_summary_v1";

    /// <summary>The summary, which is stored as JSON or as JSON text; null when there is none.</summary>
    public static JsonObject? Summary(JsonObject metadata) => metadata[SummaryKey] switch
    {
        JsonObject summary => (JsonObject)summary.DeepClone(),
        JsonValue text when JsonShape.TryText(text, out var json) => Parse(json),
        _ => null,
    };

    /// <summary>The records that are whole, without private keys.</summary>
    public static IEnumerable<JsonObject> Records(JsonObject metadata) =>
        (metadata[RecordsKey] as JsonObject ?? [])
            .Select(pair => pair.Value)
            .OfType<JsonObject>()
            .Where(record => record["usage"] is JsonObject && record["cost"] is JsonObject && JsonNode.DeepEquals(record["schema_version"], 1))
            .Select(record => new JsonObject(record
                .Where(pair => !pair.Key.StartsWith('_'))
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))));

    /// <summary>A call's records; what it did not compute itself, nobody paid for again (runtime.md 10).</summary>
    public static IEnumerable<JsonObject> Records(CallRecord call)
    {
        foreach (var record in Records(call.Metadata))
        {
            if (call.CachedCallId is not null || call.OriginalCallId is not null)
            {
                record["billing_effect"] = "reused_not_incurred";
                record["cache_status"] = CallJson.CacheStatus(call);
            }
            yield return record;
        }
    }

    private static JsonObject? Parse(string json)
    {
        try
        {
            return KitaruJson.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
