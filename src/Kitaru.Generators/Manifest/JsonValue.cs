using System.Globalization;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>Writes constants as the runtime's codec would.</summary>
internal static class JsonValue
{
    public static void Write(JsonText json, object? value)
    {
        switch (value)
        {
            case null:
                json.Raw("null");
                break;
            case string or char:
                json.String(value.ToString());
                break;
            case bool flag:
                json.Raw(flag ? "true" : "false");
                break;
            case double.NaN or float.NaN or double.PositiveInfinity or double.NegativeInfinity or float.PositiveInfinity or float.NegativeInfinity:
                json.Raw("null");
                break;
            case double number:
                json.Raw(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            case float number:
                json.Raw(number.ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                json.Raw(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>The JSON of a parameter's default, or null when it has none that JSON can say.</summary>
    public static string? DefaultOf(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue)
            return null;
        object? value = parameter.ExplicitDefaultValue;
        var type = JsonTypes.Underlying(parameter.Type);
        // "default" of a structure: a missing input gives just that.
        if (value is null && parameter.Type.IsValueType && !JsonTypes.IsNullableValue(parameter.Type))
            return null;
        var json = new JsonText();
        Write(json, type.TypeKind == TypeKind.Enum && value is not null ? EnumName((INamedTypeSymbol)type, value) ?? value : value);
        return json.ToString();
    }

    private static string? EnumName(INamedTypeSymbol type, object value) =>
        type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value)) is { } field
            ? JsonSchema.EnumMemberName(field)
            : null;
}
