using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.CodeFixes;

/// <summary>Adds <c>using Kitaru;</c> where code uses the attributes by their full names.</summary>
internal static class Usings
{
    public static CompilationUnitSyntax WithKitaru(CompilationUnitSyntax unit) =>
        unit.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<UsingDirectiveSyntax>()
            .Any(static directive => directive is { Alias: null, Name: IdentifierNameSyntax { Identifier.ValueText: "Kitaru" } })
        || IsInKitaru(unit)
            ? unit
            : unit.AddUsings(SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(" Kitaru")).WithTrailingTrivia(SyntaxFactory.LineFeed));

    private static bool IsInKitaru(CompilationUnitSyntax unit) =>
        unit.Members.OfType<BaseNamespaceDeclarationSyntax>().Any(static space => space.Name.ToString() is var name && (name == "Kitaru" || name.StartsWith("Kitaru.", StringComparison.Ordinal)));
}
