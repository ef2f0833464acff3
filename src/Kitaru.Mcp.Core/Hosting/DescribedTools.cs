using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Core.Json;
using Kitaru.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace Kitaru.Mcp.Hosting;

/// <summary>Tools as the protocol describes them; each is made once, because lists are asked for often and are large.</summary>
internal sealed class DescribedTools
{
    private readonly ConcurrentDictionary<string, Tool> _made = new(StringComparer.Ordinal);

    public Tool Of(KitaruTool tool) => _made.GetOrAdd(tool.Name, _ => Describe(tool));

    private static Tool Describe(KitaruTool tool) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = ToElement(tool.InputSchema()),
        OutputSchema = ToElement(tool.Output),
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
