using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text;

namespace Kitaru.ControlPlane.Targets;

/// <summary>
/// The worker as it was installed with the running program: the folder <c>worker/</c> beside it, or where <c>KITARU_WORKER_PATH</c> says.
/// </summary>
public sealed class WorkerFiles
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "KITARU_WORKER_PATH";

    /// <summary>The worker's own assembly.</summary>
    public const string EntryAssembly = "Kitaru.Worker.dll";

    private readonly Lazy<string> _key;

    private WorkerFiles(string folder)
    {
        Folder = folder;
        _key = new Lazy<string>(ComputeKey);
        Assemblies = [.. Directory.GetFiles(folder, "*.dll").Order(StringComparer.Ordinal)];
        AssemblyNames = Assemblies.Select(file => Path.GetFileName(file)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Version = FileVersionInfo.GetVersionInfo(Path.Combine(folder, "Kitaru.dll")).ProductVersion ?? "0.0.0";
    }

    /// <summary>Where they are.</summary>
    public string Folder { get; }

    /// <summary>The worker's version.</summary>
    public string Version { get; }

    /// <summary>Changes with every change of the worker's code.</summary>
    public string Key => _key.Value;

    /// <summary>The worker and everything it needs.</summary>
    internal IReadOnlyList<string> Assemblies { get; }

    /// <summary>File names of <see cref="Assemblies"/>.</summary>
    internal IReadOnlySet<string> AssemblyNames { get; }

    /// <summary>What a flow is compiled against besides the framework: Kitaru and what shows in its public surface.</summary>
    internal IEnumerable<string> References => Assemblies.Where(file =>
        Path.GetFileName(file) is var name && name != EntryAssembly
        && (name.StartsWith("Kitaru", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)));

    /// <summary>The generator and analyzers of Kitaru.</summary>
    internal IReadOnlyList<string> Analyzers =>
        Directory.Exists(AnalyzerFolder) ? [.. Directory.GetFiles(AnalyzerFolder, "*.dll").Order(StringComparer.Ordinal)] : [];

    /// <summary>What is injected into MSBuild builds.</summary>
    internal string BuildTargets => Path.Combine(Folder, "build", "Kitaru.Build.targets");

    private string AnalyzerFolder => Path.Combine(Folder, "build", "analyzers");

    /// <summary>Finds the worker's files.</summary>
    /// <exception cref="KitaruFeatureNotAvailableException">They are not there.</exception>
    public static WorkerFiles Locate(Func<string, string?> environment)
    {
        var configured = environment(Variable);
        var folder = Path.GetFullPath(configured is { Length: > 0 } ? configured : Path.Combine(AppContext.BaseDirectory, "worker"));
        if (File.Exists(Path.Combine(folder, EntryAssembly)) && File.Exists(Path.Combine(folder, "Kitaru.dll")))
            return new WorkerFiles(folder);
        throw new KitaruFeatureNotAvailableException(
            $"This program cannot run targets: the worker's files were not found in '{folder}'.",
            $"Use kitaru-mcp or kitaru, which bring the worker along, or set {Variable} to the 'worker' folder of one of them.");
    }

    /// <summary>Those of the running program, which is the worker itself.</summary>
    public static WorkerFiles Beside() => new(AppContext.BaseDirectory);

    private string ComputeKey()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(Folder, file) + "\n"));
            hash.AppendData(ModuleId(file)?.ToByteArray() ?? BitConverter.GetBytes(new FileInfo(file).Length));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static Guid? ModuleId(string file)
    {
        if (!file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            return null;
        using var reader = new PEReader(File.OpenRead(file));
        if (!reader.HasMetadata)
            return null;
        var metadata = reader.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
