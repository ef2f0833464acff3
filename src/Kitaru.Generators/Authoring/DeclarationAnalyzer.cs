using System.Collections.Immutable;
using Kitaru.Generators.Diagnostics;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kitaru.Generators.Authoring;

/// <summary>Checks each flow and checkpoint as it is declared.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DeclarationAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc />
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.LocalFunction, Rules.ByReference, Rules.HiddenType, Rules.UnsupportedMember, Rules.LazyResult, Rules.AsyncVoid, Rules.StructReceiver,
        Rules.GenericFlow, Rules.DuplicateFlow, Rules.BadOption, Rules.ReservedInput, Rules.InputNotJson, Rules.ResultNotJson, Rules.BadName,
        Rules.FlowAndCheckpoint,
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
            var names = new FlowNames();
            start.RegisterSymbolAction(symbol => Check((IMethodSymbol)symbol.Symbol, symbol, names), SymbolKind.Method);
            start.RegisterSyntaxNodeAction(CheckLocalFunction, SyntaxKind.LocalFunctionStatement);
            start.RegisterCompilationEndAction(names.Report);
        });
    }

    private static void CheckLocalFunction(SyntaxNodeAnalysisContext context)
    {
        var function = (LocalFunctionStatementSyntax)context.Node;
        if (function.AttributeLists.Count == 0 || context.SemanticModel.GetDeclaredSymbol(function, context.CancellationToken) is not IMethodSymbol method)
            return;
        if (KitaruSymbols.FlowOf(method) is not null || KitaruSymbols.DeclaredCheckpointOf(method) is not null)
            context.ReportDiagnostic(Diagnostic.Create(Rules.LocalFunction, function.Identifier.GetLocation(), method.Name));
    }

    private static void Check(IMethodSymbol method, SymbolAnalysisContext context, FlowNames names)
    {
        // The two halves of a partial method share their attributes: one of them is enough.
        if (method.MethodKind != MethodKind.Ordinary || method.PartialDefinitionPart is not null)
            return;
        var flow = KitaruSymbols.FlowOf(method);
        var checkpoint = KitaruSymbols.DeclaredCheckpointOf(method);
        if (flow is null && checkpoint is null)
            return;
        var rules = new DeclarationRules(method, context);
        if (flow is not null && checkpoint is not null)
        {
            rules.Report(Rules.FlowAndCheckpoint, method.Name);
        }
        else if (flow is not null)
        {
            rules.CheckFlow(flow);
            names.Add(AttributeValues.NameOf(flow, method), method);
        }
        else
        {
            rules.CheckCheckpoint(checkpoint!);
        }
    }
}
