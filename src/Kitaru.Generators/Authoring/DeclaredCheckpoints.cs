using Kitaru.Generators.Support;
using Microsoft.CodeAnalysis;

namespace Kitaru.Generators.Authoring;

/// <summary>The compilation's own instance checkpoints, looked up only when a virtual or dynamic call asks.</summary>
internal sealed class DeclaredCheckpoints
{
    private readonly Lazy<Index> _index;

    public DeclaredCheckpoints(Compilation compilation) => _index = new(() => new Index(compilation.Assembly.GlobalNamespace));

    /// <summary>The checkpoint that a call of an unmarked virtual or interface method may reach, or null.</summary>
    public IMethodSymbol? BehindUnmarked(IMethodSymbol method) =>
        (method.IsVirtual || method.IsAbstract || method.IsOverride) && _index.Value.Unmarked.TryGetValue(method, out var found) ? found : null;

    public IMethodSymbol? InstanceNamed(string name) => _index.Value.Instances.TryGetValue(name, out var found) ? found : null;

    private sealed class Index
    {
        public Index(INamespaceOrTypeSymbol root) => Add(root);

        public Dictionary<IMethodSymbol, IMethodSymbol> Unmarked { get; } = new(SymbolEqualityComparer.Default);

        public Dictionary<string, IMethodSymbol> Instances { get; } = new(StringComparer.Ordinal);

        private void Add(INamespaceOrTypeSymbol container)
        {
            foreach (var member in container.GetMembers())
            {
                if (member is INamespaceOrTypeSymbol nested)
                    Add(nested);
                else if (member is IMethodSymbol { IsStatic: false, MethodKind: MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation } method && KitaruSymbols.DeclaredCheckpointOf(method) is not null)
                    Add(method);
            }
        }

        private void Add(IMethodSymbol method)
        {
            Instances[method.Name] = method;
            for (var overridden = method.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                AddUnmarked(overridden, method);
            foreach (var type in method.ContainingType.AllInterfaces)
            {
                foreach (var member in type.GetMembers())
                {
                    if (member is IMethodSymbol declared && SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                        AddUnmarked(declared, method);
                }
            }
        }

        private void AddUnmarked(IMethodSymbol declared, IMethodSymbol method)
        {
            if (KitaruSymbols.CheckpointOf(declared) is null)
                Unmarked[declared.OriginalDefinition] = method;
        }
    }
}
