using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Replay;

/// <summary>kitaru_executions_diff_matrix.</summary>
internal static class DiffMatrixTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_diff_matrix",
        Title = "Compare several with replays",
        Description =
            "Compares several executions, each with its own replays: a row per execution in the shape of kitaru_executions_diff. For after kitaru_executions_replay_many. Read "
            + "summary and result_changed first; with many executions values are left out, and warnings say so.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.TextList(
                "exec_ids", "The replayed executions, not their replays; up to 50.", most: 50,
                example: "0199c0de-0000-7000-8000-000000000000", required: true),
        ],
        Output = ResultSchema.Object(
            "The comparisons.",
            ("available", Shape.Flag("Always true.")),
            ("operation", Shape.Words("Which it was.", ["diff_matrix"])),
            ("diff_matrix", Shape.Object("The comparisons.", ("rows", Shape.List("One per execution, in the order asked for.", DiffShapes.Diff()))))),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var originals = call.Texts("exec_ids").Select(ExecutionId.Parse).ToList();
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var rows = new List<JsonObject>();
        foreach (var diff in await call.Backend.Client.Executions.DiffMatrixAsync(originals, cancellationToken))
            rows.Add(await DiffTool.JsonAsync(kitaru, diff, cancellationToken));
        DiffBudget.Fit(rows);
        return ToolAnswer.Of(new JsonObject
        {
            ["available"] = true,
            ["operation"] = "diff_matrix",
            ["diff_matrix"] = new JsonObject { ["rows"] = new JsonArray([.. rows]) },
        });
    }
}
