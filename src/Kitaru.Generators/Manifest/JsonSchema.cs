using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>
/// Writes the JSON Schema of a type as the runtime's codec reads and writes it: property names as declared, enums by name.
/// Schemas are inline; a type inside itself is a plain object, and a very large one ends in "anything".
/// </summary>
internal sealed class JsonSchema(JsonText json, bool forInput, CancellationToken cancellationToken)
{
    private const int DepthMax = 12;
    private const int TypesMax = 1000;

    private readonly List<ITypeSymbol> _open = [];
    private int _written;

    public void Write(ITypeSymbol type, string? description, string? defaultValue)
    {
        cancellationToken.ThrowIfCancellationRequested();
        json.BeginObject();
        if (++_written < TypesMax && _open.Count < DepthMax)
            WriteMembers(type);
        if (description is not null)
            json.Property("description").String(description);
        if (defaultValue is not null)
            json.Property("default").Raw(defaultValue);
        json.EndObject();
    }

    private void WriteMembers(ITypeSymbol type)
    {
        bool nullable = JsonTypes.IsNullableValue(type) || (type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.Annotated);
        type = JsonTypes.Underlying(type);
        if (JsonTypes.IsAny(type) || HasConverter(type))
            return;
        if (type.TypeKind == TypeKind.Enum)
            WriteEnum(type, nullable);
        else if (JsonTypes.Scalar(type, out string? scalar) is { } more)
            WriteScalar(scalar!, more, nullable);
        else if (JsonTypes.IsBytes(type))
            WriteScalar("string", "\"contentEncoding\":\"base64\"", nullable);
        else if (JsonTypes.FullName(type) == "System.Text.Json.Nodes.JsonArray")
            WriteType("array", nullable);
        else if (JsonTypes.FullName(type) == "System.Text.Json.Nodes.JsonObject")
            WriteType("object", nullable);
        else if (JsonTypes.DictionaryValueOf(type) is { } value)
            WriteNested("object", "additionalProperties", type, value, nullable);
        else if (JsonTypes.ItemOf(type) is { } item)
            WriteNested("array", "items", type, item, nullable);
        else
            WriteObject(type, nullable);
    }

    private void WriteType(string type, bool nullable)
    {
        json.Property("type");
        if (nullable)
            json.Raw("[\"" + type + "\",\"null\"]");
        else
            json.String(type);
    }

    private void WriteScalar(string type, string more, bool nullable)
    {
        WriteType(type, nullable);
        if (more.Length > 0)
            json.Item().Raw(more);
    }

    private void WriteEnum(ITypeSymbol type, bool nullable)
    {
        // Flags are written as names with commas.
        if (type.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "FlagsAttribute"))
        {
            WriteType("string", nullable);
            return;
        }

        json.Property("enum").BeginArray();
        foreach (var field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.HasConstantValue)
                json.Item().String(EnumMemberName(field));
        }

        if (nullable)
            json.Item().Raw("null");
        json.EndArray();
    }

    private void WriteNested(string kind, string member, ITypeSymbol type, ITypeSymbol inner, bool nullable)
    {
        WriteType(kind, nullable);
        if (IsOpen(type))
            return;
        _open.Add(type);
        json.Property(member);
        Write(inner, null, null);
        _open.RemoveAt(_open.Count - 1);
    }

    private void WriteObject(ITypeSymbol type, bool nullable)
    {
        WriteType("object", nullable);
        var properties = IsOpen(type) ? [] : JsonProperties.Of(type, forInput, cancellationToken);
        if (properties.Count == 0)
            return;
        _open.Add(type);
        json.Property("properties").BeginObject();
        foreach (var property in properties)
        {
            json.Property(property.Name);
            if (property.HasConverter)
                json.BeginObject().EndObject();
            else
                Write(property.Type, property.Description, property.Default);
        }

        json.EndObject();
        _open.RemoveAt(_open.Count - 1);
        var required = properties.Where(property => property.Required).ToList();
        if (required.Count == 0)
            return;
        json.Property("required").BeginArray();
        foreach (var property in required)
            json.Item().String(property.Name);
        json.EndArray();
    }

    private bool IsOpen(ITypeSymbol type) => _open.Any(known => SymbolEqualityComparer.Default.Equals(known, type));

    /// <summary>A converter of the author's own may write anything; the string converter on an enum writes what we assume anyway.</summary>
    public static bool HasConverter(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass?.Name == "JsonConverterAttribute" &&
        AttributeValues.First(attribute) is not ITypeSymbol { Name: "JsonStringEnumConverter" });

    public static string EnumMemberName(IFieldSymbol field) => JsonProperties.AttributeText(field, "JsonStringEnumMemberNameAttribute") ?? field.Name;
}
