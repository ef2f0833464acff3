using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Manifest;

/// <summary>A property of a JSON object.</summary>
internal sealed record JsonProperty(string Name, ITypeSymbol Type, bool Required, string? Description, string? Default, bool HasConverter);

/// <summary>The members that the runtime's codec writes of a type, or reads into it: public properties, and fields for the sake of tuples.</summary>
internal static class JsonProperties
{
    public static List<JsonProperty> Of(ITypeSymbol type, bool forInput, CancellationToken cancellationToken)
    {
        var found = new List<JsonProperty>();
        var constructor = ConstructorOf(type);
        var doc = type.DeclaringSyntaxReferences.Length > 0 && !type.IsTupleType ? DocComment.Of(type, cancellationToken) : null;
        foreach (var member in MembersOf(type))
        {
            var parameter = constructor?.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase));
            if (forInput && parameter is null && !IsSettable(member))
                continue;
            string name = AttributeText(member, "JsonPropertyNameAttribute") ?? member.Name;
            found.RemoveAll(hidden => hidden.Name == name);
            found.Add(new(
                name,
                TypeOf(member),
                IsRequired(member, parameter, forInput),
                AttributeText(member, "DescriptionAttribute") ?? DocOf(member, cancellationToken) ?? (parameter is null ? null : doc?.Parameter(parameter.Name)),
                parameter is null ? null : JsonValue.DefaultOf(parameter),
                JsonSchema.HasConverter(member)));
        }

        return found;
    }

    /// <summary>From the base type down, as they are written.</summary>
    private static IEnumerable<ISymbol> MembersOf(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { IsTupleType: true, TupleElements.Length: < 8 } tuple)
            return tuple.TupleElements.Select(element => element.CorrespondingTupleField ?? element);
        var levels = new Stack<ITypeSymbol>();
        for (var level = type; level is not null && level.SpecialType == SpecialType.None; level = level.BaseType)
            levels.Push(level);
        return levels.SelectMany(level => level.GetMembers()).Where(IsWritten);
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    private static bool IsSettable(ISymbol member) =>
        member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod.DeclaredAccessibility: Accessibility.Public };

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
    private static bool IsWritten(ISymbol member) =>
        member is IPropertySymbol { IsStatic: false, IsIndexer: false, IsOverride: false, DeclaredAccessibility: Accessibility.Public, GetMethod.DeclaredAccessibility: Accessibility.Public }
            or IFieldSymbol { IsStatic: false, DeclaredAccessibility: Accessibility.Public } &&
        !member.GetAttributes().Any(attribute =>
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

    private static bool IsRequired(ISymbol member, IParameterSymbol? parameter, bool forInput)
    {
        if (member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true } || member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "JsonRequiredAttribute"))
            return true;
        return forInput && parameter is { HasExplicitDefaultValue: false } &&
            TypeOf(member).NullableAnnotation != NullableAnnotation.Annotated && !JsonTypes.IsNullableValue(TypeOf(member));
    }

    private static string? DocOf(ISymbol member, CancellationToken cancellationToken) =>
        member is IPropertySymbol && member.DeclaringSyntaxReferences.Length > 0 &&
        member.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken) is PropertyDeclarationSyntax
            ? DocComment.Of(member, cancellationToken).Summary
            : null;
}
