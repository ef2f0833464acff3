namespace Kitaru.SimulationTests.Programs;

/// <summary>What a step of a program throws when it is meant to fail.</summary>
internal sealed class StepFailedException(string key) : Exception($"the step {key} fails on purpose");
