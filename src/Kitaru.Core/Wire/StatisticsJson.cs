using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Statistics on the wire (runtime.md 7.4); ours: labels.</summary>
public static class StatisticsJson
{
    /// <summary>The whole result.</summary>
    public static JsonObject Of(StatisticsResult result) => new()
    {
        ["groups"] = new JsonArray([.. result.Groups.Select(Of)]),
        ["truncated"] = result.IsTruncated,
        ["group_count"] = result.Groups.Count,
    };

    private static JsonObject Of(StatisticsGroup group) => new()
    {
        ["keys"] = group.Keys.DeepClone(),
        ["execution_count"] = group.ExecutionCount,
        ["metrics"] = new JsonObject(group.Metrics.Select(metric => KeyValuePair.Create(metric.Key, (JsonNode?)metric.Value))),
        ["labels"] = new JsonObject(group.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
    };
}
