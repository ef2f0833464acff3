namespace Kitaru.Hosting;

/// <summary>How a program runs its own flows.</summary>
internal sealed record ProgramHosting
{
    /// <inheritdoc cref="FlowHostOptions.Concurrency"/>
    public int Concurrency { get; init; } = 256;

    /// <inheritdoc cref="FlowHostOptions.FlowConcurrency"/>
    public IReadOnlyDictionary<string, int> FlowConcurrency { get; init; } = new Dictionary<string, int>();

    /// <inheritdoc cref="FlowHostOptions.DrainTimeout"/>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="FlowHostOptions.Services"/>
    public IServiceProvider? Services { get; init; }
}
