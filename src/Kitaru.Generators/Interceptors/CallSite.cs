using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Interceptors;

/// <summary>Why one call cannot be intercepted although its method could be.</summary>
internal enum CallProblem
{
    Base,
    StructReceiver,
}

/// <summary>Looks at how a method is called.</summary>
internal static class CallSite
{
    public static CallProblem? ProblemOf(InvocationExpressionSyntax call, IMethodSymbol method, SemanticModel model, CancellationToken cancellationToken)
    {
        if (method.IsStatic || method.MethodKind == MethodKind.ReducedExtension)
            return null;
        var receiver = ReceiverOf(call);
        if (receiver is BaseExpressionSyntax)
            return CallProblem.Base;
        // An interface's or Object's method on a struct: the interceptor would get a boxed copy.
        return receiver is not null && model.GetTypeInfo(receiver, cancellationToken).Type is { } type && MayBeStruct(type) ? CallProblem.StructReceiver : null;
    }

    private static bool MayBeStruct(ITypeSymbol type) =>
        type is ITypeParameterSymbol parameter ? !parameter.IsReferenceType : type.IsValueType;

    private static ExpressionSyntax? ReceiverOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        MemberBindingExpressionSyntax => call.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>(access => access.WhenNotNull.Span.Contains(call.Span))?.Expression,
        _ => null,
    };
}
