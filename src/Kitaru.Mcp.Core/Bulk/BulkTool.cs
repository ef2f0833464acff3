using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Bulk;

/// <summary>kitaru_executions_bulk.</summary>
internal static class BulkTool
{
    private const int ItemsShown = 10;

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_executions_bulk",
        Title = "Cancel or retry many executions",
        Description =
            "Cancels or retries up to 100 executions in two calls. First by exec_ids or filters: nothing is done; the answer says what would be, and confirm. Show it to the user; when they agree, "
            + "call again with the same action and confirm only. It holds 10 minutes, acts on exactly those, once.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: true),
        NeedsNoKey = true,
        Arguments =
        [
            Argument.Words("action", "retry: failed ones go on; cancel: for good.", BulkAction.All.Select(action => action.Word)) with { Required = true },
            Argument.TextList("exec_ids", "Exactly these; no filters then.", BulkPlan.ExecutionsMax, "0199c0de-0000-7000-8000-000000000000"),
            ExecutionArguments.Flow(),
            Argument.Words("status", "Only those in this status.", ["running", "waiting", "failed"]),
            Argument.TextList("tags", "Only those with all of these tags.", most: 20, example: "nightly"),
            Argument.Text("since", "Created from this time on, ISO-8601.", example: "2026-06-16T08:30:00Z"),
            Argument.Text("confirm", "From the preview: do it."),
        ],
        Output = ResultSchema.Object(
            "What would be done, or with confirm what was done.",
            ("action", Shape.Text("The action.")),
            ("preview", Shape.Flag("Whether nothing was done.")),
            ("count", Shape.Integer("How many executions it is about.")),
            ("remaining", Shape.Integer("How many more match; call again for those.")),
            ("items", Shape.List("Preview: the first of them.", Shape.Object("An execution.",
                ("exec_id", Shape.Text("Its id.")),
                ("flow_name", Shape.Text("Its flow.")),
                ("status", Shape.Words("Where it stands.", StatusWords.All)),
                ("created_at", Shape.Time("When it was created."))))),
            ("skipped", Shape.List("Preview: asked for and left out.", Shape.Object("One of them.", ("exec_id", Shape.Text("Its id.")), ("why", Shape.Text("Why."))))),
            ("confirm", Shape.OrNull(Shape.Text("Preview: what does it; null when there is nothing to do."))),
            ("expires_at", Shape.OrNull(Shape.Time("Preview: until when confirm is good."))),
            ("results", Shape.List("What was done to each.", Shape.Object("One of them.",
                ("exec_id", Shape.Text("Its id.")),
                ("outcome", Shape.Words("What was done.", [.. BulkAction.All.Select(action => action.Done), "skipped"])),
                ("why", Shape.OrNull(Shape.Text("Why it was skipped.")))))),
            ("done", Shape.Integer("To how many it was done."))),
        CallAsync = async (call, cancellationToken) => ToolAnswer.Of(call.TextOrNull("confirm") is null
            ? await PreviewAsync(call, cancellationToken)
            : await ActAsync(call, cancellationToken)),
    };

    private static async Task<JsonObject> PreviewAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var plan = await BulkPlan.MakeAsync(call, cancellationToken);
        var confirmation = plan.Chosen.Count == 0 ? null : Confirmation.Of(plan, call.Time);
        return Answer(plan.Action, plan.Chosen.Count, with: new JsonObject
        {
            ["preview"] = true,
            ["remaining"] = plan.Remaining,
            ["items"] = plan.FirstItems(ItemsShown),
            ["skipped"] = new JsonArray([.. plan.Skipped.Select(skipped => new JsonObject { ["exec_id"] = skipped.Id.ToString(), ["why"] = skipped.Why })]),
            ["confirm"] = confirmation is null ? null : await confirmation.SealAsync(call, cancellationToken),
            ["expires_at"] = confirmation is null ? null : WireTime.Text(confirmation.Until),
        });
    }

    private static async Task<JsonObject> ActAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.FirstOrDefault(argument => argument.Key is not ("action" or "confirm")) is { Key: { } other })
            throw ArgumentCheck.Error(other, "nothing beside confirm, which says which executions", call.Any(other), "null");
        var confirmation = await Confirmation.OpenAsync(call, cancellationToken);
        var results = await BulkRun.RunAsync(call, confirmation, cancellationToken);
        return Answer(confirmation.Action, results.Count, with: new JsonObject
        {
            ["results"] = results,
            ["done"] = results.Count(result => result!["outcome"]!.ToString() == confirmation.Action.Done),
        });
    }

    private static JsonObject Answer(BulkAction action, int count, JsonObject with)
    {
        var answer = new JsonObject
        {
            ["action"] = action.Word,
            ["preview"] = false,
            ["count"] = count,
            ["remaining"] = 0,
            ["items"] = new JsonArray(),
            ["skipped"] = new JsonArray(),
            ["confirm"] = null,
            ["expires_at"] = null,
            ["results"] = new JsonArray(),
            ["done"] = 0,
        };
        foreach (var (key, value) in with)
            answer[key] = value?.DeepClone();
        return answer;
    }
}
