using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>What System.Text.Json makes of a type.</summary>
internal static class JsonTypes
{
    public static bool IsNullableValue(ITypeSymbol type) => type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T;

    public static ITypeSymbol Underlying(ITypeSymbol type) =>
        IsNullableValue(type) ? ((INamedTypeSymbol)type).TypeArguments[0] : type;

    /// <summary>Schema members of a type that is one JSON scalar, or null.</summary>
    public static string? Scalar(ITypeSymbol type, out string? jsonType)
    {
        (jsonType, string? more) = type.SpecialType switch
        {
            SpecialType.System_String => ("string", ""),
            SpecialType.System_Boolean => ("boolean", ""),
            SpecialType.System_Char => ("string", "\"minLength\":1,\"maxLength\":1"),
            SpecialType.System_DateTime => ("string", "\"format\":\"date-time\""),
            SpecialType.System_Single or SpecialType.System_Double or SpecialType.System_Decimal => ("number", ""),
            >= SpecialType.System_SByte and <= SpecialType.System_UInt64 => ("integer", ""),
            _ => (null, null),
        };
        if (jsonType is null && FullName(type) is { } name)
        {
            (jsonType, more) = name switch
            {
                "System.Guid" => ("string", "\"format\":\"uuid\""),
                "System.DateTimeOffset" => ("string", "\"format\":\"date-time\""),
                "System.DateOnly" => ("string", "\"format\":\"date\""),
                "System.TimeOnly" => ("string", "\"format\":\"time\""),
                "System.TimeSpan" => ("string", "\"pattern\":\"^-?(\\\\d+\\\\.)?\\\\d{2}:\\\\d{2}:\\\\d{2}(\\\\.\\\\d{1,7})?$\""),
                "System.Uri" => ("string", "\"format\":\"uri-reference\""),
                "System.Version" => ("string", ""),
                "System.Half" => ("number", ""),
                "System.Int128" or "System.UInt128" => ("integer", ""),
                _ => ((string?)null, (string?)null),
            };
        }

        return more;
    }

    /// <summary>Any JSON: object, JsonElement, JsonNode and the like.</summary>
    public static bool IsAny(ITypeSymbol type) =>
        type.SpecialType == SpecialType.System_Object || type.TypeKind is TypeKind.Dynamic or TypeKind.TypeParameter or TypeKind.Error ||
        FullName(type) is "System.Text.Json.JsonElement" or "System.Text.Json.JsonDocument" or "System.Text.Json.Nodes.JsonNode" or "System.Text.Json.Nodes.JsonValue";

    /// <summary>Bytes are base64 text in JSON.</summary>
    public static bool IsBytes(ITypeSymbol type) =>
        type is IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } ||
        (FullName(type) is "System.Memory" or "System.ReadOnlyMemory" && ItemOf(type)!.SpecialType == SpecialType.System_Byte);

    public static string? FullName(ITypeSymbol type) =>
        type is INamedTypeSymbol { ContainingType: null } named && named.ContainingNamespace is { } ns ? ns.ToDisplayString() + "." + named.Name : null;

    /// <summary>The item type of anything that is written as an array, or null.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) =>
        type is IArrayTypeSymbol array ? array.ElementType
        : type.SpecialType == SpecialType.System_String ? null
        : Implemented(type, "System.Collections.Generic.IEnumerable", 1)?.TypeArguments[0]
            ?? (FullName(type) is "System.Memory" or "System.ReadOnlyMemory" ? ((INamedTypeSymbol)type).TypeArguments[0] : null);

    /// <summary>The value type of anything that is written as an object with free keys, or null.</summary>
    public static ITypeSymbol? DictionaryValueOf(ITypeSymbol type) =>
        (Implemented(type, "System.Collections.Generic.IDictionary", 2) ?? Implemented(type, "System.Collections.Generic.IReadOnlyDictionary", 2))?.TypeArguments[1];

    private static INamedTypeSymbol? Implemented(ITypeSymbol type, string name, int arity)
    {
        if (type is INamedTypeSymbol named && named.Arity == arity && FullName(type) == name)
            return named;
        foreach (var implemented in type.AllInterfaces)
        {
            if (implemented.Arity == arity && FullName(implemented) == name)
                return implemented;
        }

        return null;
    }
}
