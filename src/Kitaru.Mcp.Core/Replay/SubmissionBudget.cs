using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>Keeps a submission small enough to read; its summary always counts everything.</summary>
internal static class SubmissionBudget
{
    /// <summary>What may be long, what can be read elsewhere first.</summary>
    private static readonly string[] Lists = ["plans", "results", "skipped", "failures"];

    /// <summary>Adds the key <c>truncated</c>, null when everything is there.</summary>
    public static JsonObject Fit(JsonObject submission)
    {
        var left = new JsonObject();
        foreach (var key in Lists)
        {
            var items = submission[key]!.AsArray();
            var (total, excess) = (items.Count, KitaruJson.Size(submission) - ResultBudget.BytesMax);
            while (excess > 0 && items.Count > 0)
            {
                excess -= KitaruJson.Size(items[^1]!) + 1;
                items.RemoveAt(items.Count - 1);
            }
            if (items.Count < total)
                left[key] = $"{items.Count} of {total} shown";
        }
        if (left.Count > 0)
            left["read_with"] = submission["tag"] is { } tag ? $"kitaru_executions_list(tags=[\"{tag}\"])" : "kitaru_executions_list(original_exec_id=...)";
        submission["truncated"] = left.Count > 0 ? left : null;
        return submission;
    }
}
