using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Determinism;

/// <summary>Finds catch clauses that wait for an exception which a recorded failure cannot be.</summary>
internal static class Catches
{
    public static bool IsSpecific(ICatchClauseOperation clause) =>
        clause.Syntax is CatchClauseSyntax { Declaration: not null } && clause.ExceptionType is INamedTypeSymbol type && !IsKitaru(type) &&
        type.ToDisplayString() is not ("System.Exception" or "System.SystemException" or "System.OperationCanceledException" or "System.Threading.Tasks.TaskCanceledException" or "object");

    public static bool CallsCheckpoint(IOperation body)
    {
        foreach (var operation in body.Descendants())
        {
            if (operation is IInvocationOperation { TargetMethod: var method } &&
                (KitaruSymbols.CheckpointOf(method) is not null || (KitaruCalls.IsFlowMember(method) && method.Name == "CheckpointAsync")))
                return true;
        }

        return false;
    }

    private static bool IsKitaru(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            var space = current.ContainingNamespace;
            while (space is { IsGlobalNamespace: false, ContainingNamespace.IsGlobalNamespace: false })
                space = space.ContainingNamespace;
            if (space is { Name: "Kitaru" } && current.DeclaringSyntaxReferences.Length == 0)
                return true;
        }

        return false;
    }
}
