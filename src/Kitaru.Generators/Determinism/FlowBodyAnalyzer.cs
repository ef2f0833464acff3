using System.Collections.Immutable;
using System.Globalization;
using Kitaru.Generators.Diagnostics;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kitaru.Generators.Determinism;

/// <summary>
/// Checks the bodies of flows and checkpoints, and the methods of the same compilation that they call. What a helper does is told at
/// the call in the flow, where it is wrong: elsewhere the helper may be right.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FlowBodyAnalyzer : DiagnosticAnalyzer
{
    /// <summary>Set on a diagnostic whose cause lies in a helper, so that no fix is offered at the call.</summary>
    public const string InHelper = "helper";

    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.OnlyInFlowBody, Rules.OnlyInCheckpoint, Rules.SpecificCatch, Rules.Clock, Rules.NewId, Rules.Chance, Rules.Timer, Rules.Threads,
        Rules.ConfigureAwait, Rules.Blocking, Rules.UnrecordedAwait, Rules.OutsideWorld, Rules.StaticState, Rules.Lock, Rules.EndlessLoop,
    ];

    /// <inheritdoc />
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(KitaruSymbols.CheckpointAttribute) is null)
                return;
            var graph = new CallGraph(start.Compilation);
            start.RegisterSyntaxNodeAction(node => Check(node, graph), SyntaxKind.MethodDeclaration);
        });
    }

    private static void Check(SyntaxNodeAnalysisContext context, CallGraph graph)
    {
        var declaration = (MethodDeclarationSyntax)context.Node;
        if (declaration.Body is null && declaration.ExpressionBody is null)
            return;
        // Attributes of a partial method may stand on its other half.
        if (declaration.AttributeLists.Count == 0 && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword))
            return;
        if (context.SemanticModel.GetDeclaredSymbol(declaration, context.CancellationToken) is not { } method)
            return;
        method = method.PartialDefinitionPart ?? method;
        if (KitaruSymbols.FlowOf(method) is { } flow)
            new Reach(context, graph, $"flow '{AttributeValues.NameOf(flow, method)}'").Check(method, inCheckpoint: false);
        else if (KitaruSymbols.DeclaredCheckpointOf(method) is { } checkpoint)
            new Reach(context, graph, $"checkpoint '{AttributeValues.NameOf(checkpoint, method)}'").Check(method, inCheckpoint: true);
    }

    /// <summary>Follows the calls out of one flow or checkpoint.</summary>
    private sealed class Reach(SyntaxNodeAnalysisContext context, CallGraph graph, string root)
    {
        public void Check(IMethodSymbol method, bool inCheckpoint)
        {
            var facts = graph.FactsOf(method, context.CancellationToken);
            foreach (var hazard in facts.Hazards)
            {
                if (Counts(hazard, inCheckpoint))
                    context.ReportDiagnostic(Diagnostic.Create(hazard.Rule, hazard.Location, hazard.What, root));
            }

            // A checkpoint may do anything but wait, and what its helpers do is found when it runs.
            if (inCheckpoint)
                return;
            foreach (var call in facts.Calls)
                Walk(call, call, [method.Name], new(SymbolEqualityComparer.Default), []);
        }

        private void Walk(Edge first, Edge call, List<string> chain, HashSet<IMethodSymbol> seen, HashSet<string> told)
        {
            bool found = false;
            foreach (var target in graph.TargetsOf(call.Method))
            {
                found = true;
                if (!seen.Add(target) || KitaruSymbols.CheckpointOf(target) is not null)
                    continue;
                List<string> path = [.. chain, NameOf(target)];
                var facts = graph.FactsOf(target, context.CancellationToken);
                foreach (var hazard in facts.Hazards)
                {
                    if (Counts(hazard, inCheckpoint: false) && told.Add(hazard.Rule.Id))
                        Report(first, hazard, path);
                }

                foreach (var next in facts.Calls)
                    Walk(first, next, path, seen, told);
            }

            // An interface that somebody else implements: nobody records what its tasks stand for.
            if (!found && Awaits.IsUnrecordedCall(call.Method) && told.Add(Rules.UnrecordedAwait.Id))
                Report(first, new Hazard(Rules.UnrecordedAwait, call.Location, call.Method.ContainingType.Name + "." + call.Method.Name, InCheckpoint: false), chain);
        }

        private void Report(Edge call, Hazard hazard, List<string> path)
        {
            if (call.Location == hazard.Location)
            {
                context.ReportDiagnostic(Diagnostic.Create(hazard.Rule, hazard.Location, hazard.What, root));
                return;
            }

            var line = hazard.Location.GetLineSpan();
            string where = Path.GetFileName(line.Path) + ":" + (line.StartLinePosition.Line + 1).ToString(CultureInfo.InvariantCulture);
            context.ReportDiagnostic(Diagnostic.Create(
                hazard.Rule, call.Location, [hazard.Location], ImmutableDictionary<string, string?>.Empty.Add(InHelper, "1"),
                hazard.What, $"{root} ({string.Join(" -> ", path)}, {where})"));
        }

        private static bool Counts(Hazard hazard, bool inCheckpoint) =>
            inCheckpoint || hazard.InCheckpoint ? hazard.Rule == Rules.OnlyInFlowBody : hazard.Rule != Rules.OnlyInFlowBody;

        private static string NameOf(IMethodSymbol method) => method.MethodKind switch
        {
            MethodKind.Constructor => "new " + method.ContainingType.Name,
            MethodKind.PropertyGet or MethodKind.PropertySet => method.AssociatedSymbol!.Name,
            _ => method.Name,
        };
    }
}
