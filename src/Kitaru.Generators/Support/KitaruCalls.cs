using Kitaru.Generators.Interceptors;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Support;

/// <summary>Recognises calls of the static class Kitaru.Flow.</summary>
internal static class KitaruCalls
{
    public static bool IsFlowMember(ISymbol member) =>
        member.ContainingType is { Name: "Flow", ContainingType: null } type && KitaruSymbols.IsIn(type, "Kitaru");

    public static bool IsOnlyInFlowBody(IMethodSymbol method) =>
        IsFlowMember(method) && method.Name is "WaitAsync" or "SleepAsync" or "SleepUntilAsync";

    public static bool IsOnlyInCheckpoint(IMethodSymbol method) => IsFlowMember(method) && method.Name is "SaveAsync" or "LoadAsync";

    /// <summary>
    /// Whether a lambda, a method group or a local function is the body handed to Flow.CheckpointAsync: directly, through a variable, or
    /// through a method of the same compilation that hands its parameter on.
    /// </summary>
    public static bool IsCheckpointBody(IOperation function)
    {
        if (function is ILocalFunctionOperation { Symbol.Name: var name })
            return EnclosingMember(function.Syntax) is { } member && IsHandedOn(member, name) && !IsCalled(member, name);
        var parent = function.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation)
            parent = parent.Parent;
        return parent switch
        {
            IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "CheckpointAsync" } method } } when IsFlowMember(method) => true,
            IArgumentOperation { Parameter: { } parameter } => IsHandedOn(parameter),
            IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.Name: var variable } } =>
                EnclosingMember(function.Syntax) is { } member && IsHandedOn(member, variable) && !IsCalled(member, variable),
            _ => false,
        };
    }

    private static bool IsHandedOn(IParameterSymbol parameter) =>
        parameter.OriginalDefinition.ContainingSymbol.DeclaringSyntaxReferences is { Length: > 0 } declarations && IsHandedOn(declarations[0].GetSyntax(), parameter.Name);

    private static SyntaxNode? EnclosingMember(SyntaxNode node) => node.FirstAncestorOrSelf<MemberDeclarationSyntax>();

    private static bool IsHandedOn(SyntaxNode scope, string name) => Invocations(scope).Any(call =>
        CallCandidate.NameOf(call) == "CheckpointAsync" &&
        call.ArgumentList.Arguments.Any(argument => argument.Expression is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name));

    private static bool IsCalled(SyntaxNode scope, string name) => Invocations(scope).Any(call =>
        call.Expression is IdentifierNameSyntax identifier && identifier.Identifier.ValueText == name);

    private static IEnumerable<InvocationExpressionSyntax> Invocations(SyntaxNode scope) => scope.DescendantNodes().OfType<InvocationExpressionSyntax>();
}
