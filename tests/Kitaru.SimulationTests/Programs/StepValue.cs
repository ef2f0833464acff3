namespace Kitaru.SimulationTests.Programs;

/// <summary>What a step returns.</summary>
/// <param name="Key">The call's key.</param>
/// <param name="Stable">The same whoever runs it.</param>
/// <param name="Nonce">Another one each time it is really run: only the journal can bring the same one back.</param>
public sealed record StepValue(string Key, long Stable, long Nonce);
