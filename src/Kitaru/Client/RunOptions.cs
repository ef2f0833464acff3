namespace Kitaru;

/// <summary>How to start an execution.</summary>
public sealed record RunOptions
{
    /// <summary>The stack to run on.</summary>
    /// <value>Default: the flow's own, else the active stack.</value>
    public string? Stack { get; init; }

    /// <summary>A second start with the same key returns the first execution; with another flow or other inputs it is refused.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    /// <value>Default: what the flow's attribute says.</value>
    public int? Retries { get; init; }

    /// <summary>Free labels.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Where relative targets start from.</summary>
    /// <value>Default: the process's working directory.</value>
    public string? WorkingDirectory { get; init; }
}
