using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Deployments;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Executions;

/// <summary>kitaru_executions_list.</summary>
internal static class ListTool
{
    private const int TextCharsMax = 300;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_list",
        Title = "List executions",
        Description =
            "Lists executions in short form with failure and pending_wait, newest first; all filters must hold: status=\"waiting\" for those that need input, \"failed\" for those to look into. next_cursor as "
            + "cursor gives the next page. Next: kitaru_executions_get(exec_id).",
        Hints = ToolHints.Read,
        Arguments =
        [
            ExecutionArguments.Status(),
            ExecutionArguments.Flow(),
            ExecutionArguments.StackFilter(),
            Argument.Integer("limit", "Most items on a page.", least: 1, most: 100, preset: 20),
            Argument.TextList("tags", "Only those with all of these tags.", most: 20, example: "nightly"),
            Argument.Text("since", "Created from this time on, ISO-8601.", example: "2026-06-16T08:30:00Z"),
            Argument.Text("until", "Created before this time, ISO-8601.", example: "2026-06-17T00:00:00Z"),
            DeploymentArguments.Filter(),
            Argument.Text("original_exec_id", "Only replays of this execution.", example: "0199c0de-0000-7000-8000-000000000000"),
            Argument.Text("cursor", "next_cursor of the page before."),
            ExecutionFields.Argument(),
        ],
        Output = ExecutionShapes.SummaryPage(),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var fields = ExecutionFields.Of(call, ExecutionShapes.SummaryKeys);
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var query = new ExecutionQuery
        {
            Statuses = call.TextOrNull("status") is { } word ? StatusWords.Behind(word) : [],
            Flow = call.TextOrNull("flow"),
            Stack = await ExecutionArguments.StackFilterOfAsync(call, kitaru, cancellationToken),
            Tags = call.Texts("tags"),
            Since = call.TimeOrNull("since"),
            Until = call.TimeOrNull("until"),
            Deployment = await DeploymentArguments.FilterOfAsync(call, kitaru, cancellationToken),
            OriginalId = call.TextOrNull("original_exec_id") is null ? null : call.ExecutionId("original_exec_id"),
            Limit = call.Integer("limit"),
            Cursor = call.TextOrNull("cursor"),
        };
        var page = await kitaru.Executions.ListAsync(query, cancellationToken);
        return ToolAnswer.OfList(ExecutionJson.Summaries(page.Items).Select(item => ExecutionFields.Keep(Shortened(item), fields)), page.Total, page.NextCursor);
    }

    private static JsonObject Shortened(JsonObject summary)
    {
        const string reader = "kitaru_executions_get";
        if (summary["failure"] is JsonObject failure)
        {
            ResultBudget.Clip(failure, "message", TextCharsMax);
            ResultBudget.Clip(failure, "traceback", TextCharsMax);
        }
        if (summary["pending_wait"] is JsonObject wait)
        {
            ResultBudget.Clip(wait, "question", TextCharsMax);
            ResultBudget.LeaveOutLarge(wait, "schema", reader);
            ResultBudget.LeaveOutLarge(wait, "metadata", reader);
        }
        ResultBudget.LeaveOutLarge(summary, "metadata", reader);
        return summary;
    }
}
