using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Deployments;
using Kitaru.Mcp.Executions;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Bulk;

/// <summary>What a bulk action would do.</summary>
/// <param name="Action">The action.</param>
/// <param name="Chosen">To these it is done, once it is confirmed.</param>
/// <param name="Skipped">These were asked for, and it makes no sense on them.</param>
/// <param name="Remaining">How many more match than one call covers.</param>
internal sealed record BulkPlan(BulkAction Action, IReadOnlyList<ExecutionRecord> Chosen, IReadOnlyList<(ExecutionId Id, string Why)> Skipped, long Remaining)
{
    /// <summary>What a confirmation can hold that an assistant has to copy.</summary>
    public const int ExecutionsMax = 100;

    private static readonly string[] Filters = ["flow", "status", "tags", "since"];

    public static async Task<BulkPlan> MakeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var action = BulkAction.Of(call.Text("action"));
        var filters = Filters.Where(name => call.Any(name) is not null).ToList();
        if (call.Any("exec_ids") is null && filters.Count == 0)
            throw ArgumentCheck.Error("exec_ids", $"ids, or a filter: {string.Join(", ", Filters)}", null, "[\"0199c0de-0000-7000-8000-000000000000\"]");
        if (call.Any("exec_ids") is not null && filters.Count > 0)
            throw ArgumentCheck.Error(filters[0], "nothing when exec_ids says which ones", call.Any(filters[0]), "null");
        return call.Any("exec_ids") is null ? await OfFilterAsync(call, action, cancellationToken) : await OfIdsAsync(call, action, cancellationToken);
    }

    public JsonArray FirstItems(int most) => new([.. Chosen.Take(most).Select(execution => new JsonObject
    {
        ["exec_id"] = execution.Id.ToString(),
        ["flow_name"] = execution.FlowName,
        ["status"] = StatusWords.Of(execution.Status),
        ["created_at"] = WireTime.Text(execution.CreatedAt),
    })]);

    private static async Task<BulkPlan> OfIdsAsync(ToolCall call, BulkAction action, CancellationToken cancellationToken)
    {
        // All of them are read before the first is looked up: a wrong one refuses the whole call.
        var ids = call.Texts("exec_ids").Select(ExecutionId.Parse).Distinct().ToList();
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var (chosen, skipped) = (new List<ExecutionRecord>(), new List<(ExecutionId, string)>());
        foreach (var id in ids)
        {
            var execution = await kitaru.Executions.FindAsync(id, cancellationToken);
            if (action.WhyNot(execution) is { } why)
                skipped.Add((id, why));
            else
                chosen.Add(execution!);
        }
        return new BulkPlan(action, chosen, skipped, 0);
    }

    private static async Task<BulkPlan> OfFilterAsync(ToolCall call, BulkAction action, CancellationToken cancellationToken)
    {
        var status = call.TextOrNull("status");
        if (status is not null && !action.On.Contains(status))
            throw ArgumentCheck.Error("status", $"{string.Join(" or ", action.On.Select(word => $"'{word}'"))}, which is what {action.Word} is for", call.Any("status"), $"\"{action.On[0]}\"");
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var page = await kitaru.Executions.ListAsync(
            new ExecutionQuery
            {
                Statuses = [.. (status is null ? action.On : [status]).SelectMany(StatusWords.Behind)],
                Flow = call.TextOrNull("flow")?.Trim(),
                Tags = call.Texts("tags"),
                Since = call.TimeOrNull("since"),
                Limit = ExecutionsMax,
            },
            cancellationToken);
        return new BulkPlan(action, page.Items, [], page.Total - page.Items.Count);
    }
}
