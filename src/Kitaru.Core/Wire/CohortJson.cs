using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>A cohort on the wire (runtime.md 6.4 and appendix D.6).</summary>
public static class CohortJson
{
    /// <summary>The contract's eleven keys.</summary>
    public static JsonObject Of(Cohort cohort) => new()
    {
        ["flow"] = cohort.Query.Flow,
        ["at"] = cohort.Query.At,
        ["deployment"] = cohort.Query.Deployment?.ToString(),
        ["deployment_version"] = cohort.Query.DeploymentVersion,
        ["order_by"] = cohort.Query.Order.ToString(),
        ["exec_ids"] = new JsonArray([.. cohort.Members.Select(member => (JsonNode)member.Id.ToString())]),
        ["scanned"] = cohort.Scanned,
        ["matched"] = cohort.Matched,
        ["partial"] = cohort.IsPartial,
        ["filtered"] = new JsonObject
        {
            ["status"] = cohort.Filtered.Status,
            ["originals"] = cohort.Filtered.Originals,
            ["deployment"] = cohort.Filtered.Deployment,
            ["checkpoint"] = cohort.Filtered.Checkpoint,
            ["window"] = cohort.Filtered.Window,
            ["ambiguous_checkpoint"] = cohort.Filtered.AmbiguousCheckpoint,
        },
        ["ranked"] = new JsonArray([.. cohort.Members.Select(member => new JsonObject
        {
            ["exec_id"] = member.Id.ToString(),
            ["sort_value"] = SortValue(member, cohort.Query.Order.Field),
        })]),
    };

    /// <summary>A time, seconds, dollars or tokens.</summary>
    private static JsonNode? SortValue(CohortMember member, CohortField field) => field switch
    {
        CohortField.StartedAt => WireTime.Text(member.StartedAt),
        CohortField.Duration => member.Duration?.TotalSeconds,
        CohortField.DisplayCostUsd => member.DisplayCostUsd,
        _ => member.TotalTokens,
    };
}
