using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Determinism;

/// <summary>Something that a flow body (or, for <paramref name="InCheckpoint"/>, a checkpoint) must not do.</summary>
internal sealed record Hazard(DiagnosticDescriptor Rule, Location Location, string What, bool InCheckpoint);

/// <summary>A call of a method whose source is at hand, to be followed.</summary>
internal sealed record Edge(IMethodSymbol Method, Location Location);

/// <summary>What one body does itself.</summary>
internal sealed class BodyFacts
{
    public static readonly BodyFacts None = new();

    public List<Hazard> Hazards { get; } = [];

    public List<Edge> Calls { get; } = [];
}
