namespace Kitaru.SimulationTests.Oracles;

/// <summary>One run of one execution on one worker.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Epoch">Its lease's epoch.</param>
/// <param name="Try">Which try of the flow; in another one the order of completions is another.</param>
/// <param name="ClaimedAt">A step before its journal was read.</param>
internal sealed record RunNote(ExecutionId Execution, long Epoch, string Try, long ClaimedAt);
