namespace Kitaru.Testing;

/// <summary>How a <see cref="FlowTestHost"/> runs flows.</summary>
public sealed record FlowTestOptions
{
    /// <summary>The clock of flows, sleeps and backoffs.</summary>
    /// <value>Default: a clock of its own.</value>
    public ManualClock Clock { get; init; } = new();

    /// <summary>Whether the clock moves by itself to the end of a sleep or backoff when the flow waits for nothing else.</summary>
    /// <value>Default: true.</value>
    public bool AutoAdvance { get; init; } = true;

    /// <summary>
    /// Whether the flow is let go after every completion and entered again from its journal, so that whatever is not the same on every run shows
    /// as a divergence.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AlwaysReplay { get; init; }

    /// <summary>How often the store fails the flow's worker; calls of the test itself never fail.</summary>
    /// <value>Default: never.</value>
    public FaultRates Faults { get; init; } = FaultRates.None;

    /// <summary>Secrets for <c>Flow.SecretAsync</c>: values by key, by the secret's name.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Secrets { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Decides ids, the flow's random numbers, and which calls of the store fail.</summary>
    /// <value>Default: 1.</value>
    public int Seed { get; init; } = 1;
}
