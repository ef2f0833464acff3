using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Support;

/// <summary>Reads an attribute's named values; what the author did not write is null.</summary>
internal static class AttributeValues
{
    public static object? Get(AttributeData attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Key == name && argument.Value.Kind != TypedConstantKind.Error)
                return argument.Value.Value;
        }

        return null;
    }

    /// <summary>The first value in the attribute's parentheses.</summary>
    public static object? First(AttributeData attribute) =>
        attribute.ConstructorArguments.Length > 0 && attribute.ConstructorArguments[0].Kind != TypedConstantKind.Array
            ? attribute.ConstructorArguments[0].Value
            : null;

    public static string NameOf(AttributeData attribute, IMethodSymbol method) =>
        Get(attribute, "Name") as string is { Length: > 0 } given ? given : SnakeCase.OfMethod(method.Name);
}
