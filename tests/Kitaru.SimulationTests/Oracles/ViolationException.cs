namespace Kitaru.SimulationTests.Oracles;

/// <summary>The system broke a promise.</summary>
internal sealed class ViolationException(string message) : Exception(message);
