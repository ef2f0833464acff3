using Kitaru.Generators.Interceptors;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Manifest;

/// <summary>Turns a flow method into its manifest entry; the shape is Kitaru.Core.Flows.FlowDefinition.</summary>
internal static class FlowReader
{
    /// <summary>Null for a flow that an analyzer refuses: it could not be called by name.</summary>
    public static FlowModel? Read(IMethodSymbol method, AttributeData flow, CancellationToken cancellationToken)
    {
        if (IsGeneric(method) || MethodProblem.OfFlow(method) is not null)
            return null;
        string name = AttributeValues.NameOf(flow, method);
        var doc = DocComment.Of(method, cancellationToken);
        var json = new JsonText();
        json.BeginObject();
        json.Property("name").String(name);
        json.Property("type").String(ReflectionName.Of(method.ContainingType));
        json.Property("method").String(method.Name);
        json.Property("description").String(doc.Summary);
        WriteParameters(json, method, doc, cancellationToken);
        json.Property("returns");
        if (ResultOf(method) is { } result)
            new JsonSchema(json, forInput: false, cancellationToken).Write(result, null, null);
        else
            json.Raw("null");
        foreach (string option in (string[])["Stack", "Image", "Cache", "Retries"])
        {
            json.Property(SnakeCase.Of(option));
            if (AttributeValues.Get(flow, option) is { } value)
                JsonValue.Write(json, value);
            else
                json.Raw("null");
        }

        json.EndObject();
        return new(name, json.ToString());
    }

    public static bool IsGeneric(IMethodSymbol method)
    {
        bool generic = method.IsGenericMethod;
        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
            generic |= type.IsGenericType;
        return generic;
    }

    private static void WriteParameters(JsonText json, IMethodSymbol method, DocComment doc, CancellationToken cancellationToken)
    {
        json.Property("parameters").BeginArray();
        foreach (var parameter in method.Parameters)
        {
            if (InterceptorText.IsToken(parameter))
                continue;
            json.Item().BeginObject();
            json.Property("name").String(parameter.Name);
            json.Property("required").Raw(parameter.HasExplicitDefaultValue || parameter.IsParams ? "false" : "true");
            json.Property("schema");
            new JsonSchema(json, forInput: true, cancellationToken).Write(parameter.Type, doc.Parameter(parameter.Name), JsonValue.DefaultOf(parameter));
            json.EndObject();
        }

        json.EndArray();
    }

    private static ITypeSymbol? ResultOf(IMethodSymbol method) => ReturnShape.Of(method.ReturnType).Value;
}
