using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Support;

/// <summary>How the author's attributes are recognised: by full name, whichever assembly they come from.</summary>
internal static class KitaruSymbols
{
    public const string FlowAttribute = "Kitaru.FlowAttribute";
    public const string CheckpointAttribute = "Kitaru.CheckpointAttribute";
    public const string ManifestAttribute = "Kitaru.Runtime.KitaruManifestAttribute";

    public static AttributeData? FlowOf(IMethodSymbol method) => Find(method, "FlowAttribute");

    /// <summary>The attribute on this very declaration.</summary>
    public static AttributeData? DeclaredCheckpointOf(IMethodSymbol method) => Find(method, "CheckpointAttribute");

    /// <summary>The attribute on the declaration, on what it overrides, or on an interface member that it implements.</summary>
    public static AttributeData? CheckpointOf(IMethodSymbol method)
    {
        method = Definition(method);
        for (var current = method; current is not null; current = current.OverriddenMethod)
        {
            if (DeclaredCheckpointOf(current) is { } found)
                return found;
        }

        return method.IsStatic || method.ContainingType is null or { TypeKind: TypeKind.Interface } ? null : OnInterface(method);
    }

    /// <summary>What a call is keyed by: the unreduced, unconstructed method.</summary>
    public static IMethodSymbol Definition(IMethodSymbol method) => (method.ReducedFrom ?? method).OriginalDefinition;

    public static bool IsIn(ISymbol? symbol, string @namespace) =>
        symbol?.ContainingNamespace is { ContainingNamespace.IsGlobalNamespace: true } ns && ns.Name == @namespace;

    private static AttributeData? OnInterface(IMethodSymbol method)
    {
        foreach (var type in method.ContainingType.AllInterfaces)
        {
            if (!MayUseKitaru(type.ContainingAssembly))
                continue;
            foreach (var member in type.GetMembers(method.Name))
            {
                if (member is IMethodSymbol declared && DeclaredCheckpointOf(declared.OriginalDefinition) is { } found &&
                    SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                    return found;
            }
        }

        return null;
    }

    private static AttributeData? Find(IMethodSymbol method, string name)
    {
        if (!MayUseKitaru(method.ContainingAssembly))
            return null;
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && type.Name == name && IsIn(type, "Kitaru"))
                return attribute;
        }

        return null;
    }

    /// <summary>Spares the framework's methods, which are most of all that is called, the decoding of their attributes.</summary>
    private static bool MayUseKitaru(IAssemblySymbol? assembly)
    {
        if (assembly is null or ISourceAssemblySymbol)
            return true;
        foreach (var module in assembly.Modules)
        {
            foreach (var reference in module.ReferencedAssemblies)
            {
                if (reference.Name == "Kitaru")
                    return true;
            }
        }

        return false;
    }
}
