using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Interceptors;

/// <summary>An invocation with the name it calls: cheap to find, bound only when some checkpoint has that name.</summary>
internal sealed record CallCandidate(InvocationExpressionSyntax Call, string Name)
{
    public static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        _ => null,
    };
}
