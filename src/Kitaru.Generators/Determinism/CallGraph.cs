using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kitaru.Generators.Determinism;

/// <summary>The facts of the bodies that flows reach, each read once per compilation, and only when a flow reaches it.</summary>
internal sealed class CallGraph
{
    private readonly ConcurrentDictionary<IMethodSymbol, BodyFacts> _facts = new(SymbolEqualityComparer.Default);
    private readonly Compilation _compilation;
    private readonly Lazy<Implementations> _implementations;

    public CallGraph(Compilation compilation)
    {
        _compilation = compilation;
        _implementations = new(() => new Implementations(compilation.Assembly.GlobalNamespace));
    }

    public BodyFacts FactsOf(IMethodSymbol method, CancellationToken cancellationToken) =>
        _facts.TryGetValue(method, out var known) ? known : _facts.GetOrAdd(method, Read(method, cancellationToken));

    /// <summary>The bodies that a call may run: the method's own, or those that override or implement it.</summary>
    public IEnumerable<IMethodSymbol> TargetsOf(IMethodSymbol method)
    {
        if (!method.IsAbstract)
            yield return method;
        if (method.IsAbstract || method.IsVirtual || method.IsOverride)
        {
            foreach (var target in _implementations.Value.Of(method))
                yield return target;
        }
    }

    private BodyFacts Read(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var found = new BodyFacts();
        var scanner = new BodyScanner(_compilation, found);
        if (method.MethodKind == MethodKind.Constructor)
            ReadInitializers(method.ContainingType, scanner, cancellationToken);
        foreach (var reference in (method.PartialImplementationPart ?? method).DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(cancellationToken);
            if (syntax is not TypeDeclarationSyntax)
                scanner.Visit(OperationOf(syntax, cancellationToken));
        }

        return found;
    }

    private void ReadInitializers(INamedTypeSymbol type, BodyScanner scanner, CancellationToken cancellationToken)
    {
        foreach (var member in type.GetMembers())
        {
            if (member.IsStatic || member is not (IFieldSymbol or IPropertySymbol))
                continue;
            foreach (var reference in member.DeclaringSyntaxReferences)
            {
                var initializer = reference.GetSyntax(cancellationToken) switch
                {
                    VariableDeclaratorSyntax variable => variable.Initializer,
                    PropertyDeclarationSyntax property => property.Initializer,
                    _ => null,
                };
                if (initializer is not null)
                    scanner.Visit(OperationOf(initializer, cancellationToken));
            }
        }
    }

    private IOperation? OperationOf(SyntaxNode syntax, CancellationToken cancellationToken)
    {
        // Helpers lie in any file, and only those that a flow reaches are looked at: a model for each is cheaper than visiting every body.
#pragma warning disable RS1030
        return _compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellationToken);
#pragma warning restore RS1030
    }

    private sealed class Implementations
    {
        private readonly Dictionary<IMethodSymbol, List<IMethodSymbol>> _all = new(SymbolEqualityComparer.Default);

        public Implementations(INamespaceOrTypeSymbol root) => Add(root);

        public List<IMethodSymbol> Of(IMethodSymbol method) => _all.TryGetValue(method, out var found) ? found : [];

        private void Add(INamespaceOrTypeSymbol container)
        {
            foreach (var member in container.GetMembers())
            {
                if (member is INamespaceOrTypeSymbol nested)
                    Add(nested);
                else if (member is IMethodSymbol { IsStatic: false } method)
                    AddOverridden(method);
            }

            if (container is INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type)
                AddImplemented(type);
        }

        private void AddOverridden(IMethodSymbol method)
        {
            for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                Add(overridden, method);
        }

        private void AddImplemented(INamedTypeSymbol type)
        {
            foreach (var member in type.AllInterfaces.Where(known => known.DeclaringSyntaxReferences.Length > 0).SelectMany(known => known.GetMembers()))
            {
                if (member is IMethodSymbol declared && type.FindImplementationForInterfaceMember(member) is IMethodSymbol method)
                    Add(declared, method);
            }
        }

        private void Add(IMethodSymbol declared, IMethodSymbol method)
        {
            if (!_all.TryGetValue(declared.OriginalDefinition, out var known))
                _all.Add(declared.OriginalDefinition, known = []);
            known.Add(method.OriginalDefinition);
        }
    }
}
