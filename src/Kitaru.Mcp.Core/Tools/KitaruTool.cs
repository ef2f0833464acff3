using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;

namespace Kitaru.Mcp.Tools;

/// <summary>One tool: what an assistant is told of it, and what it does.</summary>
internal sealed record KitaruTool
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What it does, when to use it, what comes back, what next: all an assistant will ever read about it.</summary>
    public required string Description { get; init; }

    /// <summary>What more an assistant is told where no source is built.</summary>
    public string? WithoutSources { get; init; }

    public required ToolHints Hints { get; init; }

    /// <summary>The group it is switched on and off with; the registry says it.</summary>
    public string Toolset { get; init; } = Toolsets.Status;

    /// <summary>What it needs beside the store.</summary>
    public ToolNeeds Needs { get; init; } = ToolNeeds.Store;

    public IReadOnlyList<Argument> Arguments { get; init; } = [];

    /// <summary>The schema of a successful result, made with <see cref="ResultSchema"/>.</summary>
    public required JsonObject Output { get; init; }

    /// <summary>How the text block says a result.</summary>
    public ShortForm Short => field ??= ShortForm.Of(Output);

    /// <summary>Does it. Arguments are checked and defaults filled in before.</summary>
    public required Func<ToolCall, CancellationToken, Task<ToolAnswer>> CallAsync { get; init; }

    /// <summary>Whether it starts one execution and answers with it: repeated under a key, it says where that stands now.</summary>
    public bool StartsExecution { get; init; }

    /// <summary>Whether a repeated call does no harm by its nature, so that it takes no key.</summary>
    public bool NeedsNoKey { get; init; }

    /// <summary>For a tool that only stands for a call of another one: makes that one's arguments of its own, which were checked.</summary>
    public Func<JsonObject, JsonObject>? StandIn { get; init; }

    /// <summary>What a client is told of the arguments.</summary>
    public JsonObject InputSchema()
    {
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject(Arguments.Select(argument => KeyValuePair.Create(argument.Name, (JsonNode?)(argument.Shown?.DeepClone() ?? WireSchema.Of(argument.Schema))))),
        };
        if (Arguments.Any(argument => argument.Required))
            schema["required"] = new JsonArray([.. Arguments.Where(argument => argument.Required).Select(argument => (JsonNode)argument.Name)]);
        return schema.With("additionalProperties", false);
    }
}
