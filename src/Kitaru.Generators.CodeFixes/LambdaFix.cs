using System.Collections.Immutable;
using System.Composition;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Writes a lambda that calls the checkpoint in place of a method group.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class LambdaFix : ExpressionFix
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.MethodGroup.Id];

    private protected override Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        if (node is not ExpressionSyntax expression || expression.Parent is PrefixUnaryExpressionSyntax ||
            model.GetSymbolInfo(expression, cancellationToken).Symbol is not IMethodSymbol method ||
            model.GetTypeInfo(expression, cancellationToken).ConvertedType is not INamedTypeSymbol { DelegateInvokeMethod: { } invoke })
            return null;
        var names = invoke.Parameters.Select((parameter, i) => i < method.Parameters.Length ? method.Parameters[i].Name : parameter.Name).ToList();
        string list = string.Join(", ", names);
        return new("Call it in a lambda", expression, SyntaxFactory.ParseExpression($"{(names.Count == 1 ? list : $"({list})")} => {expression.WithoutTrivia()}({list})"));
    }
}
