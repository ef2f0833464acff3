using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Interceptors;

/// <summary>Which entry of CheckpointCalls a return type leads to, and the type of the value that is recorded.</summary>
internal readonly record struct ReturnShape(string Entry, ITypeSymbol? Value)
{
    public static ReturnShape Of(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void)
            return new("Run", null);
        if (!IsTask(type))
            return new("Run", type);
        var named = (INamedTypeSymbol)type;
        return new(named.Name == "Task" ? "RunAsync" : "RunValueAsync", named.IsGenericType ? named.TypeArguments[0] : null);
    }

    /// <summary>Task, Task of T, ValueTask or ValueTask of T.</summary>
    public static bool IsTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingType: null, Arity: 0 or 1 } &&
        type.ContainingNamespace is { Name: "Tasks", ContainingNamespace: { Name: "Threading", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };
}
