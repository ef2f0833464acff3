using System.Text.Json.Nodes;
using Kitaru.Core;
using Kitaru.Core.Json;
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
            "Lists deployed flows: every version with tags, input schema and stack, by flow and version: what can be invoked, and where default and other tags lead. Next: "
            + "kitaru_deployments_invoke(flow, version or tag, inputs as in schema).",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Text("flow", "Only deployments of this flow.", example: "research_agent"),
            Argument.Integer("limit", "Most items on a page.", least: 1, most: 100, preset: 20),
            Argument.Text("cursor", "next_cursor of the page before."),
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
        if (records.Sum(KitaruJson.Size) > ResultBudget.BytesMax)
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
