namespace Kitaru.SimulationTests.Oracles;

/// <summary>One run of one execution on one worker.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Epoch">Its lease's epoch.</param>
/// <param name="RetriesUsed">The flow's retries before it.</param>
/// <param name="ClaimedAt">A step before its journal was read.</param>
internal sealed record RunNote(ExecutionId Execution, long Epoch, int RetriesUsed, long ClaimedAt);
