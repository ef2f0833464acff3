using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kitaru.Generators.Interceptors;

/// <summary>Writes an UnsafeAccessor for a method that generated code may not call by name.</summary>
internal static class AccessorText
{
    private const string Services = "global::System.Runtime.CompilerServices.";

    /// <summary>Adds the accessor and returns the start of a call of it, up to where the method's own arguments begin.</summary>
    public static string Write(StringBuilder text, IMethodSymbol method, TypeText types, Compilation compilation)
    {
        bool generic = types.OfContainingTypes > 0;
        string indent = generic ? "            " : "        ";
        if (generic)
        {
            text.Append("        private static class A").Append(InterceptorText.Number).Append(TypeText.List(0, types.OfContainingTypes))
                .Append(types.Constraints(0, types.OfContainingTypes)).Append("\n        {\n");
        }

        text.Append(indent).Append('[').Append(Services).Append("UnsafeAccessor(").Append(Services).Append("UnsafeAccessorKind.")
            .Append(method.IsStatic ? "StaticMethod" : "Method").Append(", Name = ").Append(SymbolDisplay.FormatLiteral(method.Name, true)).Append(")]\n")
            .Append(indent).Append("internal static extern ").Append(types.Write(method.ReturnType)).Append(" Call");
        if (!generic)
            text.Append(InterceptorText.Number);
        text.Append(TypeText.List(types.OfContainingTypes, types.Count)).Append('(').Append(Target(method, types, compilation));
        for (int i = 0; i < method.Parameters.Length; i++)
            text.Append(", ").Append(types.Write(method.Parameters[i].Type)).Append(" a").Append(i);
        text.Append(')').Append(types.Constraints(types.OfContainingTypes, types.Count)).Append(";\n");
        if (generic)
            text.Append("        }\n");

        string name = generic ? "A" + InterceptorText.Number + TypeText.List(0, types.OfContainingTypes) + ".Call" : "Call" + InterceptorText.Number;
        return name + TypeText.List(types.OfContainingTypes, types.Count) + "(" + (method.IsStatic ? "default!" : "self") + (method.Parameters.Length > 0 ? ", " : "");
    }

    private static string Target(IMethodSymbol method, TypeText types, Compilation compilation)
    {
        // UnsafeAccessorType takes no value types.
        if (!method.IsStatic || method.ContainingType.IsValueType)
            return types.Write(method.ContainingType) + " self";
        // A static class is no parameter type, and a hidden one has no name here: both go by their reflection name.
        return "[" + Services + "UnsafeAccessorType(" + SymbolDisplay.FormatLiteral(ReflectionName(method.ContainingType) + ", " + compilation.AssemblyName, true) + ")] object? self";
    }

    private static string ReflectionName(INamedTypeSymbol type)
    {
        string name = Manifest.ReflectionName.Of(type);
        int arity = 0;
        for (var current = type; current is not null; current = current.ContainingType)
            arity += current.Arity;
        return arity == 0 ? name : name + "[" + string.Join(",", Enumerable.Range(0, arity).Select(i => "[!" + i + "]")) + "]";
    }
}
