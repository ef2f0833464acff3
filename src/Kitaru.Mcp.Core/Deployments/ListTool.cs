using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_list.</summary>
internal static class ListTool
{
    private const string Reader = "kitaru_deployments_get";

    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_list",
        Title = "List deployments",
        Description =
            "Lists deployed flows: every version with its tags, input schema and stack, by flow and then version. Use it to see what can be invoked, "
            + "and which version default or another tag is on. Answers {result, total, next_cursor}; call again with cursor=next_cursor for the next page. "
            + "Nothing deployed: an empty result. Next: kitaru_deployments_invoke(flow, version or tag, inputs as in schema).",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Text("flow", "Only deployments of the flow with exactly this name.", example: "research_agent"),
            Argument.Integer("limit", "How many per page, 1 to 100.", least: 1, most: 100, preset: 20),
            Argument.Text("cursor", "next_cursor of the page before. Keep the other arguments as they were."),
        ],
        Output = ResultSchema.List("Deployments, by flow and then version.", DeploymentShapes.Record()),
        CallAsync = async (call, cancellationToken) =>
        {
            var query = new DeploymentQuery { Flow = call.TextOrNull("flow"), Limit = call.Integer("limit"), Cursor = call.TextOrNull("cursor") };
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            var page = await kitaru.Deployments.ListAsync(query, cancellationToken);
            return ToolAnswer.OfList(Fit([.. page.Items.Select(DeploymentJson.Of)]), page.Total, page.NextCursor);
        },
    };

    /// <summary>Schemas and inputs stand in the single record too.</summary>
    private static List<JsonObject> Fit(List<JsonObject> records)
    {
        if (records.Sum(ResultBudget.Size) > ResultBudget.BytesMax)
        {
            foreach (var record in records)
            {
                ResultBudget.LeaveOutLarge(record, "schema", Reader);
                ResultBudget.LeaveOutLarge(record, "inputs", Reader);
            }
        }
        return records;
    }
}
