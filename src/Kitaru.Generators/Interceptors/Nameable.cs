using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Interceptors;

/// <summary>Whether generated code, which stands in a file and class of its own, can write a type's name.</summary>
internal static class Nameable
{
    public static bool Is(ITypeSymbol type, Compilation compilation) => FirstHidden(type, compilation) is null;

    /// <summary>The first private, protected or file-local type in it.</summary>
    public static ITypeSymbol? FirstHidden(ITypeSymbol type, Compilation compilation)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return FirstHidden(array.ElementType, compilation);
            case INamedTypeSymbol named:
                for (var current = named; current is not null; current = current.ContainingType)
                {
                    if (current.IsFileLocal || !compilation.IsSymbolAccessibleWithin(current.OriginalDefinition, compilation.Assembly))
                        return current;
                    foreach (var argument in current.TypeArguments)
                    {
                        if (FirstHidden(argument, compilation) is { } hidden)
                            return hidden;
                    }
                }

                return null;
            default:
                return null;
        }
    }
}
