using System.Collections.Immutable;
using System.Composition;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Takes the time, an id or a random number generator from Flow instead of from the framework.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class RecordedValueFix : ExpressionFix
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.Clock.Id, Rules.NewId.Id, Rules.Chance.Id];

    private protected override Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        if (node is not ExpressionSyntax expression || model.GetSymbolInfo(expression, cancellationToken).Symbol is not { ContainingType: { } type } member)
            return null;
        string? recorded = (type.Name, member.Name) switch
        {
            ("DateTime", "Today") => "Flow.UtcNow.UtcDateTime.Date",
            ("DateTime", _) => "Flow.UtcNow.UtcDateTime",
            ("DateTimeOffset", _) => "Flow.UtcNow",
            ("TimeProvider", "GetUtcNow") => "Flow.UtcNow",
            ("Guid", _) => "Flow.NewGuid()",
            ("Random", "Shared" or ".ctor") => "Flow.Random",
            _ => null,
        };
        return recorded is null ? null : new($"Use {recorded}", expression, SyntaxFactory.ParseExpression(recorded), NeedsKitaru: true);
    }
}
