using System.Text.Json.Nodes;
using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Secrets;

/// <summary>kitaru_secrets_list.</summary>
internal static class ListTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_secrets_list",
        Title = "List secrets",
        Description =
            "Lists the secrets there are, by name, with their keys and never a value. To find the name for image.secret_environment_from, or to see whether "
            + "Flow.SecretAsync(name) will find its secret and key.",
        Hints = ToolHints.Read,
        Arguments =
        [
            Argument.Integer("page", "Which page, from 1 on.", least: 1, most: 1_000_000, preset: 1),
            Argument.Integer("size", "Most items on a page.", least: 1, most: 100, preset: 20),
        ],
        Output = ResultSchema.Object(
            "A page of secrets.",
            ("result", Shape.List("Secrets, by lower-case name.", Shape.Object("A secret, without its values.", SecretShapes.Summary()))),
            ("total", Shape.Integer("How many there are in all.")),
            ("next_cursor", Shape.OrNull(Shape.Text("Always null: pages have numbers here."))),
            ("page", Shape.Integer("The page this is.")),
            ("size", Shape.Integer("How many a page holds."))),
        CallAsync = CallAsync,
    };

    private static async Task<ToolAnswer> CallAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (page, size) = (call.Integer("page"), call.Integer("size"));
        var kitaru = await call.Backend.OpenAsync(cancellationToken);
        var secrets = await kitaru.Secrets.ListAsync(cancellationToken);
        return ToolAnswer.Of(new JsonObject
        {
            ["result"] = new JsonArray([.. secrets.Skip((page - 1) * size).Take(size).Select(SecretJson.Of)]),
            ["total"] = secrets.Count,
            ["next_cursor"] = null,
            ["page"] = page,
            ["size"] = size,
        });
    }
}
