using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kitaru.Core;
using Kitaru.Core.Flows;
using Kitaru.Runtime;

namespace Kitaru.Hosting;

/// <summary>The flows that this process can run, by name.</summary>
public sealed class FlowCatalog
{
    private readonly Dictionary<string, FlowEntry> _byName;

    private FlowCatalog(Dictionary<string, FlowEntry> byName, string codeHash) => (_byName, CodeHash) = (byName, codeHash);

    /// <summary>A hash of all code the flows may call, but for .NET's own and Kitaru's.</summary>
    internal string CodeHash { get; }

    /// <summary>All flows.</summary>
    public IReadOnlyCollection<FlowEntry> Flows => _byName.Values;

    /// <summary>Reads the manifests of loaded assemblies; assemblies without one are passed over.</summary>
    public static FlowCatalog FromAssemblies(IEnumerable<Assembly> assemblies)
    {
        var byName = new Dictionary<string, FlowEntry>(StringComparer.Ordinal);
        var code = new List<string>();
        foreach (var assembly in assemblies)
        {
            if (IsUserCode(assembly))
                code.Add(assembly.ManifestModule.ModuleVersionId.ToString("N"));
            if (assembly.GetCustomAttribute<KitaruManifestAttribute>() is not { } attribute)
                continue;
            var manifest = JsonSerializer.Deserialize<FlowManifest>(attribute.Json) ?? new FlowManifest();
            foreach (var flow in manifest.Flows)
                byName[flow.Name] = new FlowEntry(flow, Find(assembly, flow));
        }
        return new FlowCatalog(byName, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', code.Order(StringComparer.Ordinal))))));
    }

    /// <summary>The flow with this name.</summary>
    /// <exception cref="KitaruUsageException">There is none; the nearest name is in the message.</exception>
    public FlowEntry Get(string name) => _byName.TryGetValue(name, out var flow)
        ? flow
        : throw new KitaruUsageException(
            $"There is no flow '{Texts.Short(name)}' here.{Texts.DidYouMean(name, _byName.Keys)} Flows: {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}.");

    internal FlowEntry? Find(MethodInfo method) => _byName.Values.FirstOrDefault(flow =>
        flow.Method.MetadataToken == method.MetadataToken && flow.Method.Module == method.Module);

    private static bool IsUserCode(Assembly assembly) =>
        !assembly.IsDynamic && assembly.GetName().Name is { } name
        && name != "System" && !name.StartsWith("System.", StringComparison.Ordinal) && !name.StartsWith("Microsoft.", StringComparison.Ordinal)
        && name is not ("Kitaru" or "Kitaru.Core" or "Kitaru.ControlPlane" or "Kitaru.Worker" or "mscorlib" or "netstandard");

    private static MethodInfo Find(Assembly assembly, FlowDefinition flow)
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return assembly.GetType(flow.Type)?.GetMethods(any)
                .FirstOrDefault(method => method.Name == flow.Method && method.GetCustomAttribute<FlowAttribute>() is not null)
            ?? throw new KitaruRuntimeException($"{assembly.GetName().Name} says it has the flow {flow.Type}.{flow.Method}, but the method is not there.");
    }
}
