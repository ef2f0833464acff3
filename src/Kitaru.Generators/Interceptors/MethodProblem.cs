using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Interceptors;

/// <summary>Why calls of a checkpoint cannot be intercepted, as far as its declaration tells.</summary>
internal enum ProblemKind
{
    LocalFunction,
    ExtensionBlock,
    StructReceiver,
    ByReference,
    HiddenType,
    LazyResult,
    AsyncVoid,
    StaticAbstract,
}

/// <summary>A problem and the part of the declaration that it sits in.</summary>
internal readonly record struct MethodProblem(ProblemKind Kind, string Detail)
{
    /// <summary>The first problem of an unconstructed method, or null. The generator leaves such a method alone; the analyzers say why.</summary>
    public static MethodProblem? Of(IMethodSymbol method, Compilation compilation)
    {
        if (method.MethodKind == MethodKind.LocalFunction)
            return new(ProblemKind.LocalFunction, method.Name);
        if (method.ContainingType is not { } type)
            return null;
        return OfFlow(method) ??
            (!method.IsStatic && type.IsValueType ? new(ProblemKind.StructReceiver, type.Name) : Hidden(method, compilation));
    }

    /// <summary>The part that holds for a flow as well, which is called by reflection.</summary>
    public static MethodProblem? OfFlow(IMethodSymbol method)
    {
        if ((int)method.ContainingType.TypeKind == ExtensionTypeKind)
            return new(ProblemKind.ExtensionBlock, "a member of an extension block");
        if (method.IsStatic && (method.IsAbstract || method.IsVirtual))
            return new(ProblemKind.StaticAbstract, "a static virtual member of an interface");
        return ByReference(method) ?? Result(method);
    }

    /// <summary>TypeKind.Extension, which has no name before Roslyn 5.</summary>
    public const int ExtensionTypeKind = 14;

    private static MethodProblem? ByReference(IMethodSymbol method)
    {
        foreach (var parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None)
                return new(ProblemKind.ByReference, $"parameter '{parameter.Name}' is passed by reference");
            if (parameter.Type.IsRefLikeType || parameter.Type is IPointerTypeSymbol or IFunctionPointerTypeSymbol)
                return new(ProblemKind.ByReference, $"parameter '{parameter.Name}' is a {parameter.Type.ToDisplayString()}");
        }

        foreach (var parameter in method.TypeParameters)
        {
            if (parameter.AllowsRefLikeType)
                return new(ProblemKind.ByReference, $"type parameter '{parameter.Name}' allows ref structs");
        }

        if (method.IsVararg)
            return new(ProblemKind.ByReference, "it takes __arglist");
        return method.ReturnsByRef || method.ReturnsByRefReadonly || method.ReturnType.IsRefLikeType ||
            method.ReturnType is IPointerTypeSymbol or IFunctionPointerTypeSymbol
            ? new(ProblemKind.ByReference, "it returns a reference")
            : null;
    }

    private static MethodProblem? Result(IMethodSymbol method)
    {
        if (method.ReturnsVoid)
            return method.IsAsync ? new(ProblemKind.AsyncVoid, method.Name) : null;
        return IsIterator(method) || method.ReturnType is INamedTypeSymbol { Name: "IAsyncEnumerable" or "IAsyncEnumerator" or "IEnumerator" }
            ? new(ProblemKind.LazyResult, method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat))
            : null;
    }

    private static bool IsIterator(IMethodSymbol method) => method.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax()
        .DescendantNodes(static node => node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax))
        .Any(static node => node is YieldStatementSyntax));

    private static MethodProblem? Hidden(IMethodSymbol method, Compilation compilation)
    {
        if ((!method.IsStatic || method.ContainingType.IsValueType) && Nameable.FirstHidden(method.ContainingType, compilation) is { } receiver)
            return new(ProblemKind.HiddenType, receiver.Name);
        foreach (var parameter in method.Parameters)
        {
            if (Nameable.FirstHidden(parameter.Type, compilation) is { } hidden)
                return new(ProblemKind.HiddenType, hidden.Name);
        }

        foreach (var constraint in method.TypeParameters.SelectMany(parameter => parameter.ConstraintTypes))
        {
            if (Nameable.FirstHidden(constraint, compilation) is { } hidden)
                return new(ProblemKind.HiddenType, hidden.Name);
        }

        return Nameable.FirstHidden(method.ReturnType, compilation) is { } result ? new(ProblemKind.HiddenType, result.Name) : null;
    }
}
