using System.Collections.Immutable;
using System.Composition;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Catches a checkpoint's failure and asks for its cause, instead of catching the cause.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class FailureFilterFix : ExpressionFix
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.SpecificCatch.Id];

    private protected override Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        // A filter of the author's own may use members of the original exception.
        if (node.FirstAncestorOrSelf<CatchClauseSyntax>() is not { Declaration: { } declaration, Filter: null } clause)
            return null;
        string name = declaration.Identifier.ValueText is { Length: > 0 } given ? given : "failure";
        var replacement = clause
            .WithDeclaration(SyntaxFactory.CatchDeclaration(SyntaxFactory.ParseTypeName("CheckpointFailedException "), SyntaxFactory.Identifier(name)).WithTrailingTrivia(SyntaxFactory.Space))
            .WithFilter(SyntaxFactory.CatchFilterClause(
                SyntaxFactory.Token(SyntaxKind.WhenKeyword).WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.Token(SyntaxKind.OpenParenToken),
                SyntaxFactory.ParseExpression($"{name}.IsCausedBy<{declaration.Type.WithoutTrivia()}>()"),
                SyntaxFactory.Token(SyntaxKind.CloseParenToken)).WithTrailingTrivia(declaration.GetTrailingTrivia()));
        return new("Catch CheckpointFailedException and ask for its cause", clause, replacement, NeedsKitaru: true);
    }
}
