using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Interceptors;

/// <summary>Finds out which candidates are checkpoint calls. One pass over the compilation, a semantic model per file with candidates.</summary>
internal sealed class CallBinder(Compilation compilation, CancellationToken cancellationToken)
{
    private readonly Dictionary<IMethodSymbol, string?> _interceptors = new(SymbolEqualityComparer.Default);

    public EquatableList<CallModel> Bind(EquatableList<CallCandidate> candidates)
    {
        var calls = new List<CallModel>();
        SemanticModel? model = null;
        foreach (var candidate in candidates)
        {
            if (model?.SyntaxTree != candidate.Call.SyntaxTree)
                model = compilation.GetSemanticModel(candidate.Call.SyntaxTree);
            if (Bind(candidate.Call, model) is { } call)
                calls.Add(call);
        }

        return new([.. calls]);
    }

    private CallModel? Bind(InvocationExpressionSyntax call, SemanticModel model)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ReducedExtension } method ||
            CallSite.ProblemOf(call, method, model, cancellationToken) is not null ||
            InterceptorOf(KitaruSymbols.Definition(method)) is not { } interceptor ||
            model.GetInterceptableLocation(call, cancellationToken) is not { } location)
            return null;
        return new(interceptor, location.Version, location.Data);
    }

    private string? InterceptorOf(IMethodSymbol definition)
    {
        if (!_interceptors.TryGetValue(definition, out string? text))
        {
            text = KitaruSymbols.CheckpointOf(definition) is { } checkpoint && MethodProblem.Of(definition, compilation) is null
                ? InterceptorText.Write(definition, checkpoint, compilation)
                : null;
            _interceptors.Add(definition, text);
        }

        return text;
    }
}
