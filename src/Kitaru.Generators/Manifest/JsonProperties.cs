using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>A property of a JSON object.</summary>
internal sealed record JsonProperty(string Name, ITypeSymbol Type, bool Required, string? Description, string? Default, bool HasConverter);

/// <summary>The properties that System.Text.Json writes of a type, or reads into it.</summary>
internal static class JsonProperties
{
    public static List<JsonProperty> Of(ITypeSymbol type, bool forInput, CancellationToken cancellationToken)
    {
        var found = new List<JsonProperty>();
        var constructor = ConstructorOf(type);
        var doc = type.DeclaringSyntaxReferences.Length > 0 ? DocComment.Of(type, cancellationToken) : null;
        var levels = new Stack<ITypeSymbol>();
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
            levels.Push(level);
        foreach (var property in levels.SelectMany(level => level.GetMembers()).OfType<IPropertySymbol>())
        {
            if (!IsWritten(property))
                continue;
            var parameter = constructor?.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase));
            if (forInput && parameter is null && property.SetMethod is not { DeclaredAccessibility: Accessibility.Public })
                continue;
            string name = AttributeText(property, "JsonPropertyNameAttribute") ?? property.Name;
            found.RemoveAll(hidden => hidden.Name == name);
            found.Add(new(
                name,
                property.Type,
                IsRequired(property, parameter, forInput),
                AttributeText(property, "DescriptionAttribute") ?? DocOf(property, cancellationToken) ?? (parameter is null ? null : doc?.Parameter(parameter.Name)),
                parameter is null ? null : JsonValue.DefaultOf(parameter),
                JsonSchema.HasConverter(property)));
        }

        return found;
    }

    public static string? AttributeText(ISymbol symbol, string attributeName)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass?.Name == attributeName && AttributeValues.First(attribute) is string text)
                return text;
        }

        return null;
    }

    /// <summary>Public, readable, no indexer, and not taken out by JsonIgnore.</summary>
    public static bool IsWritten(IPropertySymbol property) =>
        property is { IsStatic: false, IsIndexer: false, IsOverride: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public } &&
        !property.GetAttributes().Any(attribute =>
            attribute.AttributeClass?.Name == "JsonExtensionDataAttribute" ||
            // JsonIgnoreCondition.Always is 1; the attribute without a condition means the same.
            (attribute.AttributeClass?.Name == "JsonIgnoreAttribute" && attribute.NamedArguments.All(argument => argument.Value.Value is 1)));

    /// <summary>The constructor that JSON is read through when it has parameters.</summary>
    private static IMethodSymbol? ConstructorOf(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol named)
            return null;
        var open = named.InstanceConstructors.Where(constructor => constructor.DeclaredAccessibility == Accessibility.Public && !constructor.IsImplicitlyDeclared).ToList();
        return open.FirstOrDefault(constructor => constructor.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "JsonConstructorAttribute"))
            ?? (open.Any(constructor => constructor.Parameters.Length == 0) ? null : open.Count == 1 ? open[0] : null);
    }

    private static bool IsRequired(IPropertySymbol property, IParameterSymbol? parameter, bool forInput)
    {
        if (property.IsRequired || property.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "JsonRequiredAttribute"))
            return true;
        return forInput && parameter is { HasExplicitDefaultValue: false } &&
            property.Type.NullableAnnotation != NullableAnnotation.Annotated && !JsonTypes.IsNullableValue(property.Type);
    }

    private static string? DocOf(IPropertySymbol property, CancellationToken cancellationToken) =>
        property.DeclaringSyntaxReferences.Length > 0 && !property.IsImplicitlyDeclared && property.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is Microsoft.CodeAnalysis.CSharp.Syntax.PropertyDeclarationSyntax
            ? DocComment.Of(property, cancellationToken).Summary
            : null;
}
