using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kitaru.Core.Flows;

/// <summary>
/// What the generator says of an assembly's flows. It stands as JSON in the assembly's <c>KitaruManifestAttribute</c>, from where it is
/// read without loading the assembly.
/// </summary>
public sealed record FlowManifest
{
    /// <summary>Version of this shape: 1.</summary>
    [JsonPropertyName("version")]
    public int Version { get; init; } = 1;

    /// <summary>Version of the Kitaru library the code was compiled against.</summary>
    [JsonPropertyName("kitaru")]
    public string Kitaru { get; init; } = "";

    /// <summary>The flows.</summary>
    [JsonPropertyName("flows")]
    public IReadOnlyList<FlowDefinition> Flows { get; init; } = [];
}

/// <summary>One flow.</summary>
public sealed record FlowDefinition
{
    /// <summary>Its name in snake_case, or the one the attribute gives.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>The declaring type as reflection spells it: <c>Ns.Outer+Inner</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>The method's name.</summary>
    [JsonPropertyName("method")]
    public required string Method { get; init; }

    /// <summary>First paragraph of its XML doc, or null.</summary>
    [JsonPropertyName("description")]
    public string? Description { get; init; }

    /// <summary>Inputs in order; a CancellationToken is not one.</summary>
    [JsonPropertyName("parameters")]
    public IReadOnlyList<FlowParameter> Parameters { get; init; } = [];

    /// <summary>JSON Schema of the result, or null when it returns nothing.</summary>
    [JsonPropertyName("returns")]
    public JsonObject? Returns { get; init; }

    /// <summary>The attribute's stack.</summary>
    [JsonPropertyName("stack")]
    public string? Stack { get; init; }

    /// <summary>The attribute's image: a name or a JSON object.</summary>
    [JsonPropertyName("image")]
    public string? Image { get; init; }

    /// <summary>The attribute's cache, null when not set.</summary>
    [JsonPropertyName("cache")]
    public bool? Cache { get; init; }

    /// <summary>The attribute's retries, null when not set.</summary>
    [JsonPropertyName("retries")]
    public int? Retries { get; init; }
}

/// <summary>One input of a flow.</summary>
public sealed record FlowParameter
{
    /// <summary>The C# parameter's name as written.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Whether a call must give it.</summary>
    [JsonPropertyName("required")]
    public required bool Required { get; init; }

    /// <summary>JSON Schema, with <c>description</c> from the XML doc and <c>default</c>.</summary>
    [JsonPropertyName("schema")]
    public required JsonObject Schema { get; init; }
}
