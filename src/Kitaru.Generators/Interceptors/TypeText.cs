using System.Text;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Interceptors;

/// <summary>Writes types as the generated file must spell them, with the type parameters of the interceptor.</summary>
internal sealed class TypeText
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly List<ITypeParameterSymbol> _parameters = [];

    public TypeText(IMethodSymbol method)
    {
        AddFrom(method.ContainingType);
        OfContainingTypes = _parameters.Count;
        _parameters.AddRange(method.TypeParameters);
    }

    /// <summary>How many type parameters come from the containing types; they stand first.</summary>
    public int OfContainingTypes { get; }

    public int Count => _parameters.Count;

    public string Write(ITypeSymbol type)
    {
        if (Count == 0)
            return type.ToDisplayString(Format);
        var text = new StringBuilder();
        foreach (var part in type.ToDisplayParts(Format))
            text.Append(part.Symbol is ITypeParameterSymbol parameter ? NameOf(parameter) : part.ToString());
        return text.ToString();
    }

    /// <summary><c>&lt;T0, T1&gt;</c> for a range of the parameters, or nothing.</summary>
    public static string List(int from, int to) =>
        from == to ? "" : "<" + string.Join(", ", Enumerable.Range(from, to - from).Select(i => "T" + i)) + ">";

    public string Constraints(int from, int to)
    {
        var text = new StringBuilder();
        for (int i = from; i < to; i++)
        {
            string constraints = string.Join(", ", ConstraintsOf(_parameters[i]));
            if (constraints.Length > 0)
                text.Append(" where T").Append(i).Append(" : ").Append(constraints);
        }

        return text.ToString();
    }

    private void AddFrom(INamedTypeSymbol? type)
    {
        if (type is null)
            return;
        AddFrom(type.ContainingType);
        _parameters.AddRange(type.TypeParameters);
    }

    private string NameOf(ITypeParameterSymbol parameter) =>
        "T" + _parameters.FindIndex(known => SymbolEqualityComparer.Default.Equals(known, parameter));

    private IEnumerable<string> ConstraintsOf(ITypeParameterSymbol parameter)
    {
        if (parameter.HasUnmanagedTypeConstraint)
            yield return "unmanaged";
        else if (parameter.HasValueTypeConstraint)
            yield return "struct";
        else if (parameter.HasReferenceTypeConstraint)
            yield return parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class";
        else if (parameter.HasNotNullConstraint)
            yield return "notnull";
        foreach (var type in parameter.ConstraintTypes)
            yield return Write(type);
        if (parameter.HasConstructorConstraint && !parameter.HasValueTypeConstraint)
            yield return "new()";
    }
}
