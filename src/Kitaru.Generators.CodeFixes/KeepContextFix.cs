using System.Collections.Immutable;
using System.Composition;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Removes a ConfigureAwait that leaves the flow's thread.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class KeepContextFix : ExpressionFix
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ConfigureAwait.Id];

    private protected override Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken) =>
        node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } access } call
            ? new("Remove ConfigureAwait", call, access.Expression.WithoutTrailingTrivia())
            : null;
}
