using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Tools as the protocol describes them; each is made once, because lists are asked for often and are large.</summary>
internal sealed class DescribedTools
{
    // By the tool itself: flows of different projects may have tools of one name.
    private readonly ConditionalWeakTable<KitaruTool, Tool> _made = [];
    private readonly ConditionalWeakTable<KitaruTool, Tool> _madeWithoutSources = [];

    public Tool Of(KitaruTool tool, ToolPolicy policy) => tool.WithoutSources is { } more && policy.Has < ToolNeeds.Sources
        ? _madeWithoutSources.GetValue(tool, plain => Describe(plain, $"{plain.Description} {more}"))
        : _made.GetValue(tool, plain => Describe(plain, plain.Description));

    private static Tool Describe(KitaruTool tool, string description) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = description,
        InputSchema = ToElement(tool.InputSchema()),
        OutputSchema = ToElement(tool.Output),
        Icons = Icons.OfTool(tool.Toolset),
        Annotations = new ToolAnnotations
        {
            Title = tool.Title,
            ReadOnlyHint = tool.Hints.ReadOnly,
            DestructiveHint = tool.Hints.Destructive,
            IdempotentHint = tool.Hints.Idempotent,
            OpenWorldHint = tool.Hints.OpenWorld,
        },
    };

    private static JsonElement ToElement(JsonNode node)
    {
        using var document = JsonDocument.Parse(KitaruJson.WriteBytes(node));
        return document.RootElement.Clone();
    }
}
