using System.Collections.Concurrent;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kitaru.Generators.Authoring;

/// <summary>Finds flows of the same name, in the order of their source so that the later one is told.</summary>
internal sealed class FlowNames
{
    private readonly ConcurrentBag<(string Name, IMethodSymbol Method)> _flows = [];

    public void Add(string name, IMethodSymbol method) => _flows.Add((name, method));

    public void Report(CompilationAnalysisContext context)
    {
        foreach (var group in _flows.GroupBy(flow => flow.Name, StringComparer.Ordinal))
        {
            var ordered = group.Select(flow => flow.Method)
                .OrderBy(method => method.Locations[0].SourceTree?.FilePath, StringComparer.Ordinal)
                .ThenBy(method => method.Locations[0].SourceSpan.Start)
                .ToList();
            foreach (var later in ordered.Skip(1))
                context.ReportDiagnostic(Diagnostic.Create(Rules.DuplicateFlow, later.Locations[0], [ordered[0].Locations[0]], group.Key, ordered[0].ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)));
        }
    }
}
