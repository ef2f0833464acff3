using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Support;

/// <summary>Recognises calls of the static class Kitaru.Flow.</summary>
internal static class KitaruCalls
{
    public static bool IsFlowMember(ISymbol member) =>
        member.ContainingType is { Name: "Flow", ContainingType: null } type && KitaruSymbols.IsIn(type, "Kitaru");

    public static bool IsOnlyInFlowBody(IMethodSymbol method) =>
        IsFlowMember(method) && method.Name is "WaitAsync" or "SleepAsync" or "SleepUntilAsync";

    public static bool IsOnlyInCheckpoint(IMethodSymbol method) => IsFlowMember(method) && method.Name is "SaveAsync" or "LoadAsync";

    /// <summary>Whether a lambda or method group is the body handed to Flow.CheckpointAsync.</summary>
    public static bool IsCheckpointBody(IOperation function)
    {
        var parent = function.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            parent = parent.Parent;
        return parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "CheckpointAsync" } method } } && IsFlowMember(method);
    }
}
