using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>A type as reflection spells it: <c>Ns.Outer+Inner`1</c>.</summary>
internal static class ReflectionName
{
    public static string Of(INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
            return Of(outer) + "+" + type.MetadataName;
        return type.ContainingNamespace is { IsGlobalNamespace: false } ns ? ns.ToDisplayString() + "." + type.MetadataName : type.MetadataName;
    }
}
