namespace Kitaru.EndToEndTests.Tracing;

/// <summary>What a program told of a span.</summary>
/// <param name="Trace">The id of its trace.</param>
/// <param name="Id">Its own.</param>
/// <param name="Parent">Empty for a root.</param>
/// <param name="Name">What it is.</param>
/// <param name="Service">Who told it.</param>
/// <param name="Execution">The execution it names, if it names one.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name, string Service, string? Execution);
