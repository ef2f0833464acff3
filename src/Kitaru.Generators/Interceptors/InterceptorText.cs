using System.Globalization;
using System.Text;
using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kitaru.Generators.Interceptors;

/// <summary>
/// Writes what one checkpoint method needs: its definition, an accessor when the method is not accessible, and the interceptor.
/// <see cref="Number"/> stands where the file writer puts the method's number, <see cref="Locations"/> where it puts the call sites.
/// </summary>
internal static class InterceptorText
{
    public const string Number = "\u00a7n";
    public const string Locations = "\u00a7l";
    private const string Calls = "global::Kitaru.Runtime.CheckpointCalls.";

    public static string Write(IMethodSymbol method, AttributeData checkpoint, Compilation compilation)
    {
        var types = new TypeText(method);
        var text = new StringBuilder();
        WriteDefinition(text, method, checkpoint);
        string original = Original(text, method, types, compilation);
        WriteInterceptor(text, method, types, original);
        return text.ToString();
    }

    private static void WriteDefinition(StringBuilder text, IMethodSymbol method, AttributeData checkpoint)
    {
        text.Append("        private static readonly global::Kitaru.Runtime.CheckpointDefinition D").Append(Number).Append(" = new(")
            .Append(Literal(AttributeValues.NameOf(checkpoint, method))).Append(") { ");
        foreach (string option in (string[])["Retries", "BackoffSeconds", "BackoffFactor", "MaxBackoffSeconds", "TimeoutSeconds", "Type", "Cache"])
        {
            if (AttributeValues.Get(checkpoint, option) is { } value)
                text.Append(option).Append(" = ").Append(Literal(value)).Append(", ");
        }

        var names = method.Parameters.Where(parameter => !IsToken(parameter)).Select(parameter => Literal(parameter.Name));
        text.Append("Method = ").Append(Literal(method.OriginalDefinition.ToDisplayString())).Append(", ");
        text.Append("Parameters = new string[] { ").Append(string.Join(", ", names)).Append(" } };\n");
    }

    private static void WriteInterceptor(StringBuilder text, IMethodSymbol method, TypeText types, string original)
    {
        var shape = ReturnShape.Of(method.ReturnType);
        int token = -1;
        var arguments = new List<string>();
        var passed = new List<string>();
        var declared = new List<string>();
        if (!method.IsStatic)
            declared.Add("this " + types.Write(method.ContainingType) + " self");
        for (int i = 0; i < method.Parameters.Length; i++)
        {
            var parameter = method.Parameters[i];
            string name = "a" + i;
            declared.Add((i == 0 && method.IsExtensionMethod ? "this " : "") + types.Write(parameter.Type) + " " + name);
            if (!IsToken(parameter))
                arguments.Add(name);
            else if (token < 0)
                (token, name) = (i, "ct");
            passed.Add(name);
        }

        text.Append(Locations)
            .Append("        internal static ").Append(types.Write(method.ReturnType)).Append(" M").Append(Number).Append(TypeText.List(0, types.Count))
            .Append('(').Append(string.Join(", ", declared)).Append(')').Append(types.Constraints(0, types.Count)).Append(" =>\n            ")
            .Append(Calls).Append(shape.Entry);
        if (shape.Value is { } value)
            text.Append('<').Append(types.Write(value)).Append('>');
        text.Append("(D").Append(Number).Append(", new object?[] { ").Append(string.Join(", ", arguments)).Append(" }, ")
            .Append(token < 0 ? "default" : "a" + token).Append(", ct => ")
            .Append(original).Append(string.Join(", ", passed)).Append("));\n");
    }

    /// <summary>The start of a call of the method itself, up to where its own arguments begin.</summary>
    private static string Original(StringBuilder text, IMethodSymbol method, TypeText types, Compilation compilation)
    {
        string name = Name(method.Name) + TypeText.List(types.OfContainingTypes, types.Count);
        if (compilation.IsSymbolAccessibleWithin(method, compilation.Assembly) && Nameable.Is(method.ContainingType, compilation))
            return (method.IsStatic ? types.Write(method.ContainingType) : "self") + "." + name + "(";
        return AccessorText.Write(text, method, types, compilation);
    }

    public static bool IsToken(IParameterSymbol parameter) => IsToken(parameter.Type);

    public static bool IsToken(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "CancellationToken", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } };

    public static string Name(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    private static string Literal(object value) => value switch
    {
        string text => SymbolDisplay.FormatLiteral(text, quote: true),
        bool flag => flag ? "true" : "false",
        double.PositiveInfinity => "double.PositiveInfinity",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "D",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "default",
    };
}
