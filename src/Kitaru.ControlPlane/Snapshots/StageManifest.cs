using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using Kitaru.ControlPlane.Targets;
using Kitaru.Core.Flows;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>Reads the flows of compiled code from its metadata; nothing is loaded and nothing runs.</summary>
internal static class StageManifest
{
    private const string Library = "Kitaru";
    private const string AttributeNamespace = "Kitaru.Runtime";
    private const string AttributeName = "KitaruManifestAttribute";
    private const int KnownVersion = 1;

    /// <summary>The flows of all assemblies in the folder as one manifest.</summary>
    /// <exception cref="KitaruUsageException">An assembly uses Kitaru but was compiled without its generator, or with a newer Kitaru.</exception>
    public static FlowManifest Read(StageContent content, WorkerFiles worker)
    {
        var flows = new List<FlowDefinition>();
        ReleaseVersion? highest = null;
        var version = "";
        foreach (var file in content.Files.Where(IsCandidate))
        {
            var path = Path.Combine(content.Folder, file);
            if (ReadJson(path, out var usesKitaru) is { } json)
            {
                var manifest = Parse(file, json);
                flows.AddRange(manifest.Flows);
                if (ReleaseVersion.TryParse(manifest.Kitaru) is { } compiled && (highest is null || compiled.CompareTo(highest) > 0))
                    (highest, version) = (compiled, manifest.Kitaru);
            }
            else if (usesKitaru)
            {
                throw new KitaruUsageException(
                    $"'{file}' was compiled without the Kitaru generator: its checkpoint calls would not be recorded.",
                    "Reference the package Kitaru (which brings the generator) in the project of that assembly, allow its analyzers, "
                    + "and build it again.");
            }
        }
        CheckVersion(highest, version, worker);
        return new FlowManifest { Kitaru = version, Flows = flows };

        bool IsCandidate(string file) =>
            !file.Contains('/') && file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) && !worker.AssemblyNames.Contains(file);
    }

    /// <summary>Files of the assemblies in a folder that the generator has marked.</summary>
    public static IEnumerable<string> AssembliesWithFlows(string folder) =>
        Directory.EnumerateFiles(folder, "*.dll").Where(file => ReadJson(file, out _) is not null).Order(StringComparer.Ordinal);

    private static void CheckVersion(ReleaseVersion? compiled, string text, WorkerFiles worker)
    {
        if (compiled is null || ReleaseVersion.TryParse(worker.Version) is not { } own || compiled.CompareTo(own) <= 0)
            return;
        throw new KitaruUsageException(
            $"The flow was compiled against Kitaru {text.Split('+')[0]}; this program brings Kitaru {worker.Version.Split('+')[0]}, which is older.",
            "Update kitaru: dotnet tool update -g Kitaru.Mcp (and Kitaru.Cli), or compile the flow against the older version.");
    }

    private static FlowManifest Parse(string file, string json)
    {
        FlowManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<FlowManifest>(json);
        }
        catch (JsonException e)
        {
            throw new KitaruUsageException($"The flow manifest of '{file}' cannot be read: {e.Message}", "Build the assembly again.", e);
        }
        if (manifest is null || manifest.Version > KnownVersion)
        {
            throw new KitaruUsageException(
                $"The flow manifest of '{file}' has version {manifest?.Version}; this program knows version {KnownVersion}.",
                "Update kitaru: dotnet tool update -g Kitaru.Mcp.");
        }
        return manifest;
    }

    private static string? ReadJson(string path, out bool usesKitaru)
    {
        usesKitaru = false;
        try
        {
            using var file = new PEReader(File.OpenRead(path));
            if (!file.HasMetadata)
                return null;
            var metadata = file.GetMetadataReader();
            usesKitaru = metadata.AssemblyReferences
                .Any(handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, Library));
            if (!usesKitaru)
                return null;
            foreach (var handle in metadata.GetAssemblyDefinition().GetCustomAttributes())
            {
                var attribute = metadata.GetCustomAttribute(handle);
                if (IsManifest(metadata, attribute))
                    return ReadArgument(metadata.GetBlobReader(attribute.Value));
            }
            return null;
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static bool IsManifest(MetadataReader metadata, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return false;
        var parent = metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
            return false;
        var type = metadata.GetTypeReference((TypeReferenceHandle)parent);
        return metadata.StringComparer.Equals(type.Name, AttributeName) && metadata.StringComparer.Equals(type.Namespace, AttributeNamespace);
    }

    // ECMA-335 II.23.3: a two-byte prolog, then the string.
    private static string? ReadArgument(BlobReader blob) => blob.ReadUInt16() == 1 ? blob.ReadSerializedString() : null;
}
