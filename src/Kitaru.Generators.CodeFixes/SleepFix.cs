using System.Collections.Immutable;
using System.Composition;
using Kitaru.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Turns a delay, awaited or blocking, into a durable sleep.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SleepFix : ExpressionFix
{
    /// <inheritdoc />
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.Timer.Id];

    private protected override Change? Find(SyntaxNode node, SemanticModel model, CancellationToken cancellationToken)
    {
        if (node is not InvocationExpressionSyntax call || model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { Parameters.Length: > 0 } method)
            return null;
        bool delay = method is { Name: "Delay", ContainingType.Name: "Task" };
        if (!delay && (method is not { Name: "Sleep", ContainingType.Name: "Thread" } || !AsyncScope.IsAround(node)))
            return null;
        string duration = call.ArgumentList.Arguments[0].Expression.ToString();
        if (method.Parameters[0].Type.SpecialType == SpecialType.System_Int32)
            duration = $"TimeSpan.FromMilliseconds({duration})";
        return new("Use Flow.SleepAsync", call, SyntaxFactory.ParseExpression($"{(delay ? "" : "await ")}Flow.SleepAsync({duration})"), NeedsKitaru: true);
    }
}
