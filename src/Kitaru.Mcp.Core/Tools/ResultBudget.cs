using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.Mcp.Tools;

/// <summary>Keeps an execution small enough for an assistant to read; what is left out is named, with the tool that reads it.</summary>
internal static class ResultBudget
{
    /// <summary>About 20,000 tokens.</summary>
    public const int BytesMax = 80_000;

    private const int PartBytesMax = 1024;
    private const int PlanBytesMax = 40_000;
    private const int TraceCharsMax = 4000;
    private const int SmallTraceCharsMax = 400;

    /// <summary>Adds the key <c>truncated</c>, null when everything is there.</summary>
    public static JsonObject Fit(JsonObject execution) => Answer(execution).Structured;

    /// <summary>The same as a whole answer: what was written to be measured is not written again.</summary>
    public static ToolAnswer Answer(JsonObject execution)
    {
        execution["truncated"] = null;
        ShortenTraces(execution, TraceCharsMax);
        var bytes = KitaruJson.WriteBytes(execution);
        return bytes.Length <= BytesMax ? ToolAnswer.Of(execution, bytes) : ToolAnswer.Of(Shorten(execution));
    }

    private static JsonObject Shorten(JsonObject execution)
    {
        var left = new JsonObject();
        ShortenTraces(execution, SmallTraceCharsMax);
        ShortenPlan(execution["replay_plan"] as JsonObject, left);
        left["tracebacks"] = $"shortened to {SmallTraceCharsMax} characters";
        CutList(execution, "artifacts", left, keep: artifact => false);
        CutList(execution, "checkpoints", left, keep: call => call["status"]?.ToString() != "completed");
        CutList(execution, "waits", left, keep: wait => wait["status"]?.ToString() == "pending");
        if (KitaruJson.Size(execution) > BytesMax)
            DropLargeMetadata(execution, left);
        left["read_with"] = "kitaru_artifacts_list(exec_id, producing_call=...), kitaru_artifacts_get(artifact_id) and get_execution_logs(exec_id, checkpoint=...)";
        execution["truncated"] = left;
        return execution;
    }

    /// <summary>An answer with a replay's plan in it; adds the key <c>truncated</c> when steps were left out.</summary>
    public static JsonObject FitPlan(JsonObject answer)
    {
        var left = new JsonObject();
        ShortenPlan(answer["plan"] as JsonObject, left);
        if (left.Count > 0)
            answer["truncated"] = left;
        return answer;
    }

    /// <summary>The first steps; counts says how many there are of each.</summary>
    private static void ShortenPlan(JsonObject? plan, JsonObject left)
    {
        if (plan?["steps"] is not JsonArray steps)
            return;
        var (total, size, shown) = (steps.Count, 0, 0);
        while (shown < total && (size += KitaruJson.Size(steps[shown]!)) <= PlanBytesMax)
            shown++;
        while (steps.Count > shown)
            steps.RemoveAt(steps.Count - 1);
        if (shown < total)
            left["steps"] = $"{shown} of {total} shown";
    }

    /// <summary>Replaces a large object by the name of the tool that reads it.</summary>
    public static void LeaveOutLarge(JsonObject owner, string key, string reader)
    {
        if (owner[key] is JsonObject value && KitaruJson.Size(value) > PartBytesMax)
            owner[key] = new JsonObject { ["description"] = $"large, left out: see {reader}" };
    }

    /// <summary>Shortens a text.</summary>
    public static void Clip(JsonObject owner, string key, int charsMax)
    {
        if (owner[key]?.GetValue<string>() is { } text && text.Length > charsMax)
            owner[key] = Texts.Clip(text, charsMax);
    }

    /// <summary>Drops completed entries, oldest first, until the whole fits; then the oldest of the rest.</summary>
    private static void CutList(JsonObject execution, string key, JsonObject left, Func<JsonNode, bool> keep)
    {
        var items = (JsonArray)execution[key]!;
        var total = items.Count;
        var excess = KitaruJson.Size(execution) - BytesMax;
        foreach (var spareKept in new[] { true, false })
        {
            for (var i = 0; i < items.Count && excess > 0;)
            {
                if (spareKept && keep(items[i]!))
                {
                    i++;
                    continue;
                }
                excess -= KitaruJson.Size(items[i]!) + 1;
                items.RemoveAt(i);
            }
        }
        if (items.Count < total)
            left[key] = $"{items.Count} of {total} shown";
    }

    private static void DropLargeMetadata(JsonObject execution, JsonObject left)
    {
        execution["metadata"] = new JsonObject();
        execution["frozen_execution_spec"] = null;
        execution["llm_usage_records"] = new JsonArray();
        left["metadata"] = "left out";
    }

    private static void ShortenTraces(JsonNode? node, int charsMax)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                ShortenTraces(item, charsMax);
        }
        if (node is not JsonObject members)
            return;
        foreach (var key in (string[])["traceback", "message", "status_reason"])
        {
            if (members.ContainsKey(key))
                Clip(members, key, charsMax);
        }
        if (members.ContainsKey("question"))
            Clip(members, "question", TraceCharsMax);
        foreach (var key in (string[])["failure", "attempts", "checkpoints", "waits", "pending_wait", "pending_waits"])
            ShortenTraces(members[key], charsMax);
    }
}
