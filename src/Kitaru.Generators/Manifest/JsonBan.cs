using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>Says why a type cannot go through JSON, before the first run says it.</summary>
internal sealed class JsonBan(bool mustBeRead)
{
    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);

    /// <summary>A clause such as "'Stream' is a handle, not data", or null when nothing speaks against it.</summary>
    public string? Of(ITypeSymbol type)
    {
        type = JsonTypes.Underlying(type);
        if (type is IPointerTypeSymbol or IFunctionPointerTypeSymbol || type.IsRefLikeType)
            return $"'{Name(type)}' lives on the stack";
        if (type is IArrayTypeSymbol array)
            return array.Rank > 1 ? $"'{Name(type)}' has more than one dimension; use an array of arrays" : Of(array.ElementType);
        if (type is not INamedTypeSymbol named || JsonTypes.IsAny(type) || JsonTypes.Scalar(type, out _) is not null || !_seen.Add(type) || JsonSchema.HasConverter(type))
            return null;
        return Handle(named) ?? Inner(named);
    }

    private static string? Handle(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Delegate)
            return $"'{Name(type)}' is a delegate";
        for (ITypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            switch (JsonTypes.FullName(current))
            {
                case "System.IO.Stream" or "System.IO.TextReader" or "System.IO.TextWriter" or "System.Net.Http.HttpMessageInvoker" or
                    "System.Net.Http.HttpResponseMessage" or "System.Net.Http.HttpRequestMessage" or "System.Net.Http.HttpContent" or
                    "System.Threading.CancellationTokenSource" or "System.Threading.Thread" or "System.Diagnostics.Process" or "System.Data.Common.DbConnection" or
                    "System.Data.Common.DbDataReader" or "System.Threading.CancellationToken" or "System.IServiceProvider":
                    return $"'{Name(type)}' is a handle, not data";
                case "System.Type" or "System.Reflection.MemberInfo" or "System.Reflection.Assembly" or "System.IntPtr" or "System.UIntPtr" or "System.Linq.Expressions.Expression":
                    return $"'{Name(type)}' has no JSON";
                case "System.Exception":
                    return $"'{Name(type)}' is an exception; throw it instead";
                case "System.Threading.Tasks.Task" or "System.Threading.Tasks.ValueTask":
                    return $"'{Name(type)}' is a task, not its value";
            }
        }

        foreach (var implemented in type.AllInterfaces.Concat(type.TypeKind == TypeKind.Interface ? [type] : []))
        {
            if (JsonTypes.FullName(implemented) is "System.Linq.IQueryable" or "System.Collections.Generic.IAsyncEnumerable" or "System.Collections.IEnumerator")
                return $"'{Name(type)}' is computed only while somebody reads it; use a list";
        }

        return null;
    }

    private string? Inner(INamedTypeSymbol type)
    {
        if (type.IsTupleType)
            return type.TupleElements.Select(element => Of(element.Type)).FirstOrDefault(ban => ban is not null);
        if (JsonTypes.DictionaryValueOf(type) is { } value)
            return Of(value);
        if (JsonTypes.ItemOf(type) is { } item)
            return Of(item);
        if (type.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal))
            return null;
        if (mustBeRead && (type.TypeKind == TypeKind.Interface || type.IsAbstract) && !IsPolymorphic(type))
            return $"'{Name(type)}' is {(type.TypeKind == TypeKind.Interface ? "an interface" : "abstract")}, and nothing says which type to make of the JSON; use a concrete type or [JsonDerivedType]";
        // Only the author's own types are looked into; the framework's data types are known to work.
        if (type.DeclaringSyntaxReferences.Length == 0)
            return null;
        foreach (var property in JsonProperties.Of(type, forInput: false, default))
        {
            if (!property.HasConverter && Of(property.Type) is { } ban)
                return $"property '{property.Name}' of '{Name(type)}': {ban}";
        }

        return null;
    }

    private static bool IsPolymorphic(INamedTypeSymbol type) => type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name is "JsonDerivedTypeAttribute" or "JsonPolymorphicAttribute");

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
}
