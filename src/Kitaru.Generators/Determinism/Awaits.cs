using Kitaru.Generators.Interceptors;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kitaru.Generators.Determinism;

/// <summary>
/// Tells recorded from unrecorded asynchrony. A task that a method outside of this compilation hands out is unrecorded, whether it is
/// awaited at once or later; what the body itself combines from recorded tasks is fine.
/// </summary>
internal static class Awaits
{
    public static bool IsUnrecordedCall(IMethodSymbol method)
    {
        if (method.MethodKind == MethodKind.DelegateInvoke || IsKitaruExtension(method))
            return false;
        // Queue<Task>.Dequeue() or tasks.First() only pass on what the body has put in: their own return type is a type parameter.
        var declared = (method.ReducedFrom ?? method).OriginalDefinition;
        return IsAwaitable(declared.ReturnType) && !IsCombinator(declared);
    }

    /// <summary>What an await waits for, when it is a property of something foreign; calls are judged where they are made.</summary>
    public static IPropertyReferenceOperation? UnrecordedSource(IOperation awaited)
    {
        switch (awaited)
        {
            case IConversionOperation conversion:
                return UnrecordedSource(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return UnrecordedSource(parenthesized.Operand);
            case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WithCancellation" } call:
                var source = call.Instance ?? (call.Arguments.Length > 0 ? call.Arguments[0].Value : null);
                return source is null ? null : UnrecordedSource(source);
            case IPropertyReferenceOperation reference when IsForeign(reference):
                return reference;
            default:
                return null;
        }
    }

    /// <summary>Console.Out and Console.Error: their lines are log entries, and their tasks are finished ones.</summary>
    public static bool IsConsole(IOperation? receiver) =>
        receiver is IPropertyReferenceOperation { Property.ContainingType: { Name: "Console", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } } };

    /// <summary>ConfigureAwait with anything but a plain "true", or options that keep the context.</summary>
    public static bool IsConfigureAwaitOff(IInvocationOperation operation)
    {
        var method = operation.TargetMethod;
        if (method.Name != "ConfigureAwait" || method.Parameters.Length == 0 || method.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) != true)
            return false;
        var constant = operation.Arguments[operation.Arguments.Length - 1].Value.ConstantValue;
        return constant.Value switch
        {
            bool keep => !keep,
            // ConfigureAwaitOptions.ContinueOnCapturedContext
            int options => (options & 1) == 0,
            _ => true,
        };
    }

    private static bool IsForeign(IPropertyReferenceOperation reference)
    {
        var property = reference.Property.OriginalDefinition;
        return property.DeclaringSyntaxReferences.Length == 0 && IsAwaitable(property.Type) &&
            property is not { Name: "CompletedTask" } and not { ContainingType.Name: "TaskCompletionSource" };
    }

    private static bool IsAwaitable(ITypeSymbol type) =>
        ReturnShape.IsTask(type) ||
        type is INamedTypeSymbol { Name: "IAsyncEnumerable" or "IAsyncEnumerator" or "ConfiguredTaskAwaitable" or "ConfiguredValueTaskAwaitable" or "YieldAwaitable" } ||
        type.GetMembers("GetAwaiter").Any(member => member is IMethodSymbol { Parameters.Length: 0 });

    private static bool IsCombinator(IMethodSymbol method) => method.ContainingType.ToDisplayString() switch
    {
        "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<TResult>" or "System.Threading.Tasks.ValueTask" or "System.Threading.Tasks.ValueTask<TResult>" =>
            method.Name is "WhenAll" or "WhenAny" or "WhenEach" or "FromResult" or "FromException" or "FromCanceled" or "Yield" or "AsTask" or "Preserve" or "ConfigureAwait",
        "System.Threading.Tasks.TaskExtensions" => true,
        "System.Threading.Tasks.TaskAsyncEnumerableExtensions" => true,
        "System.Linq.AsyncEnumerable" => true,
        _ => false,
    };

    private static bool IsKitaruExtension(IMethodSymbol method) =>
        method.ContainingAssembly?.Name.StartsWith("Kitaru.Extensions", StringComparison.Ordinal) == true;
}
