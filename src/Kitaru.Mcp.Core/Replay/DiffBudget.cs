using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>Keeps comparisons small enough to read: what matters least goes first, and each time a warning says what and how to get it.</summary>
internal static class DiffBudget
{
    /// <summary>With more calls than this the unchanged ones are not even written down.</summary>
    public const int RowsMax = 150;

    private const string OneByOne = "compare fewer executions in one call";

    /// <summary>Shortens diffs that are answered together.</summary>
    public static void Fit(IReadOnlyList<JsonObject> diffs)
    {
        Action<JsonObject>[] steps = [DropUnchanged, DropValues, DropEnds, diff => CutRows(diff, ResultBudget.BytesMax / 2 / Math.Max(1, diffs.Sum(each => Compared(each).Count)))];
        foreach (var step in steps)
        {
            if (Size(diffs) <= ResultBudget.BytesMax)
                return;
            foreach (var diff in diffs)
                step(diff);
        }
        while (Size(diffs) > ResultBudget.BytesMax && diffs.MaxBy(diff => Compared(diff).Count) is { } longest && Compared(longest).Count > 0)
            CutReplays(longest);
    }

    /// <summary>Says that unchanged calls were left out.</summary>
    public static void WarnUnchanged(JsonObject diff, long same)
    {
        if (same > 0)
            Warn(diff, $"{same} unchanged calls are left out of checkpoints; summary.same counts them");
    }

    private static void DropUnchanged(JsonObject diff)
    {
        long dropped = 0;
        foreach (var rows in Compared(diff).Select(replay => replay!["checkpoints"]!.AsArray()))
            dropped += rows.RemoveAll(row => !row!["changed"]!.GetValue<bool>());
        WarnUnchanged(diff, dropped);
    }

    private static void DropValues(JsonObject diff)
    {
        var dropped = 0;
        foreach (var row in Compared(diff).SelectMany(replay => replay!["checkpoints"]!.AsArray()).Where(row => row!["value"] is not null))
        {
            row!["value"] = null;
            dropped++;
        }
        if (dropped > 0)
            Warn(diff, $"the values of {dropped} changed calls are left out: read them with kitaru_artifacts_get(artifact_id=<original_call_id or replay_call_id>), or {OneByOne}");
    }

    private static void DropEnds(JsonObject diff)
    {
        foreach (var replay in Compared(diff).Select(replay => replay!.AsObject()))
        {
            replay["result"] = null;
            replay["inputs"] = new JsonObject();
            replay["waits_changed"] = new JsonArray();
        }
        Warn(diff, $"results, inputs and answers are left out: see kitaru_executions_get(exec_id), or {OneByOne}");
    }

    private static void CutRows(JsonObject diff, int bytesMax)
    {
        var (left, total) = (0, 0);
        foreach (var rows in Compared(diff).Select(replay => replay!["checkpoints"]!.AsArray()))
        {
            var (shown, size) = (0, 0);
            while (shown < rows.Count && (size += KitaruJson.Size(rows[shown]!)) <= bytesMax)
                shown++;
            total += rows.Count;
            while (rows.Count > shown)
            {
                rows.RemoveAt(rows.Count - 1);
                left++;
            }
        }
        if (left > 0)
            Warn(diff, $"{left} of {total} changed calls are left out; {OneByOne}");
    }

    private static void CutReplays(JsonObject diff)
    {
        var compared = Compared(diff);
        var all = compared.Count;
        // A quarter at a time: what is left is measured as a whole.
        for (var drop = (all + 3) / 4; drop > 0; drop--)
            compared.RemoveAt(compared.Count - 1);
        Warn(diff, $"the last {all - compared.Count} comparisons are left out; {OneByOne}");
    }

    private static JsonArray Compared(JsonObject diff) => diff["compared"]!.AsArray();

    private static void Warn(JsonObject diff, string warning) => diff["warnings"]!.AsArray().Add((JsonNode)warning);

    private static long Size(IReadOnlyList<JsonObject> diffs) => diffs.Sum(diff => (long)KitaruJson.Size(diff));
}
