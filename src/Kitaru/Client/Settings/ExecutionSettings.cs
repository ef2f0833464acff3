namespace Kitaru;

/// <summary>How executions run. Null is not set: then the next lower layer decides (docs/configuration.md).</summary>
public sealed record ExecutionSettings
{
    /// <summary>The stack, by name or id.</summary>
    public string? Stack { get; init; }

    /// <summary>What their processes are made of; merged with the image of lower layers.</summary>
    public ImageSettings? Image { get; init; }

    /// <summary>Whether checkpoints may reuse results of other executions; set, it overrides every checkpoint.</summary>
    public bool? Cache { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    public int? Retries { get; init; }

    internal bool IsEmpty => this is { Stack: null, Image: null, Cache: null, Retries: null };

    /// <summary>These settings on top of lower ones, field by field.</summary>
    internal ExecutionSettings Over(ExecutionSettings lower) => new()
    {
        Stack = Stack ?? lower.Stack,
        Image = Image?.Over(lower.Image) ?? lower.Image,
        Cache = Cache ?? lower.Cache,
        Retries = Retries ?? lower.Retries,
    };
}
