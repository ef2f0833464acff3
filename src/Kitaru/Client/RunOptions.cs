using System.Text.Json;
using System.Text.Json.Nodes;
namespace Kitaru;

/// <summary>How to start an execution.</summary>
public sealed record RunOptions
{
    /// <summary>The stack to run on, by name or id.</summary>
    /// <value>Default: what the next layer says, in the end the active stack (docs/configuration.md).</value>
    public string? Stack { get; init; }

    /// <summary>What its processes are made of; merged with the image of lower layers.</summary>
    public ImageSettings? Image { get; init; }

    /// <summary>Whether checkpoints may reuse results of other executions; set, it overrides every checkpoint.</summary>
    public bool? Cache { get; init; }

    /// <summary>A second start with the same key returns the first execution; with another flow or other inputs it is refused.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    /// <value>Default: what the next layer says, in the end 0.</value>
    public int? Retries { get; init; }

    /// <summary>Free labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where relative targets start from, and the search for the project file of a flow of this program.</summary>
    /// <value>Default: the client's working directory.</value>
    public string? WorkingDirectory { get; init; }

    /// <summary>What tells one start from another: all but the key.</summary>
    internal JsonNode? Identity() => JsonSerializer.SerializeToNode(this with { IdempotencyKey = null });

    internal ExecutionSettings Settings => new() { Stack = Stack, Image = Image, Cache = Cache, Retries = Retries };
}
