using System.Reflection;
using Kitaru.ControlPlane.Snapshots;

namespace Kitaru.Worker;

/// <summary>The assemblies with flows among everything that lies in the worker's folder.</summary>
internal static class FlowAssemblies
{
    public static IEnumerable<Assembly> Load(string folder) =>
        StageManifest.AssembliesWithFlows(folder).Select(file => Assembly.Load(AssemblyName.GetAssemblyName(file)));
}
