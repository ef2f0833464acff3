using Kitaru.Generators.Determinism;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>A fix that puts one node in the place of another, at the diagnostic.</summary>
public abstract class ExpressionFix : CodeFixProvider
{
    /// <inheritdoc />
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc />
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            // What a helper does is told at the call, where there is nothing to replace.
            if (diagnostic.Properties.ContainsKey(FlowBodyAnalyzer.InHelper))
                continue;
            var node = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (Find(node, model, context.CancellationToken) is not { } change)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(change.Title, _ => Task.FromResult(context.Document.WithSyntaxRoot(Apply(root, change))), GetType().Name),
                diagnostic);
        }
    }

    /// <summary>The change for a diagnostic on this node, or null when there is none.</summary>
    private protected abstract Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken);

    private static SyntaxNode Apply(SyntaxNode root, Change change)
    {
        root = root.ReplaceNode(change.Old, change.New.WithTriviaFrom(change.Old));
        return change.NeedsKitaru && root is CompilationUnitSyntax unit ? Usings.WithKitaru(unit) : root;
    }
}

/// <summary>One replacement; <paramref name="NeedsKitaru"/> when the new code names something of the namespace Kitaru.</summary>
internal sealed record Change(string Title, SyntaxNode Old, SyntaxNode New, bool NeedsKitaru = false);
