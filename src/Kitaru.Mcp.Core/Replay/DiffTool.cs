using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>kitaru_executions_diff.</summary>
internal static class DiffTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_diff",
        Title = "Compare with replays",
        Description =
            "Compares an execution with its replays, call by call: reused, overridden or run, which outputs, tokens, cost and times differ, and how the flow ended. summary "
            + "counts; all 0 but same means that nothing changed. Wait for the replays to end first. Large values are shown by hash: kitaru_artifacts_get.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Text("original", "The execution that was replayed.", required: true, example: "0199c0de-0000-7000-8000-000000000000"),
            Argument.TextList(
                "executions", "Its replays to compare; left out: all, the newest 50.",
                most: DiffRequest.ReplaysLimit, example: "0199c0de-0000-7000-8000-000000000001"),
        ],
        Output = ResultSchema.Object(
            "The comparison.",
            ("available", Shape.Flag("Always true.")),
            ("operation", Shape.Words("Which it was.", ["diff"])),
            ("diff", DiffShapes.Diff())),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var original = call.ExecutionId("original");
        IReadOnlyList<ExecutionId>? replays = call.Any("executions") is null ? null : [.. call.Texts("executions").Select(ExecutionId.Parse)];
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var diff = await call.Backend.Client.Executions.DiffAsync(original, replays, cancellationToken);
        var json = await JsonAsync(kitaru, diff, cancellationToken);
        DiffBudget.Fit([json]);
        return ToolAnswer.Of(new JsonObject { ["available"] = true, ["operation"] = "diff", ["diff"] = json });
    }

    /// <summary>Without the unchanged calls when there are very many.</summary>
    internal static async Task<JsonObject> JsonAsync(IControlPlane kitaru, ExecutionDiff diff, CancellationToken cancellationToken)
    {
        var withUnchanged = diff.Compared.Sum(replay => replay.Calls.Count) <= DiffBudget.RowsMax;
        var json = await DiffJson.OfAsync(diff, kitaru.Artifacts, withUnchanged, cancellationToken);
        if (!withUnchanged)
            DiffBudget.WarnUnchanged(json, diff.Compared.Sum(replay => (long)replay.Calls.Count(row => !row.Changed)));
        return json;
    }
}
