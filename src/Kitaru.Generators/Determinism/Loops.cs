using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Determinism;

/// <summary>Looks into a loop whose condition is always true.</summary>
internal static class Loops
{
    public static bool HasWayOutOrWait(ILoopOperation loop) => Any(loop.Body, loop);

    private static bool Any(IOperation operation, ILoopOperation loop)
    {
        if (operation is IAwaitOperation or IReturnOperation or IThrowOperation or IForEachLoopOperation { IsAsynchronous: true })
            return true;
        // A break of an inner loop is no way out; any goto may be.
        if (operation is IBranchOperation branch && (branch.BranchKind == BranchKind.GoTo || SymbolEqualityComparer.Default.Equals(branch.Target, loop.ExitLabel)))
            return true;
        // A synchronous checkpoint, or a method that may call one.
        if (operation is IInvocationOperation { TargetMethod: var method } &&
            (Support.KitaruSymbols.CheckpointOf(method) is not null || method.DeclaringSyntaxReferences.Length > 0 || method.MethodKind == MethodKind.DelegateInvoke))
            return true;
        if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return false;
        foreach (var child in operation.ChildOperations)
        {
            if (Any(child, loop))
                return true;
        }

        return false;
    }
}
