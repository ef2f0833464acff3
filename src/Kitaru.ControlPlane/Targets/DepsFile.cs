using System.Text.Json;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>The dependency file of a plain library, whose packages lie in NuGet's cache instead of beside it.</summary>
internal static class DepsFile
{
    private static readonly string[] Kinds = ["runtime", "native", "resources", "runtimeTargets"];

    /// <summary>NuGet's cache.</summary>
    public static string PackageFolder(Func<string, string?> environment) => environment("NUGET_PACKAGES") is { Length: > 0 } configured
        ? configured
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Copies what <paramref name="assembly"/> needs and <paramref name="folder"/> lacks; what the worker brings is left to it.</summary>
    public static void FillIn(string assembly, string folder, IReadOnlySet<string> provided, string packages)
    {
        var file = Path.ChangeExtension(assembly, ".deps.json");
        if (!File.Exists(file))
            return;
        var missing = new List<string>();
        foreach (var asset in Read(file))
        {
            var destination = Path.GetFullPath(Path.Combine(folder, asset.Destination));
            if (File.Exists(destination) || provided.Contains(Path.GetFileName(destination)) || !IsWithin(destination, folder))
                continue;
            var source = Path.GetFullPath(Path.Combine(packages, asset.PackagePath, asset.Path));
            if (!IsWithin(source, packages) || !File.Exists(source))
            {
                missing.Add($"{asset.Library} ({Path.GetFileName(asset.Path)})");
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
            File.Copy(source, destination);
        }
        if (missing.Count == 0)
            return;
        throw new KitaruUsageException(
            $"'{Texts.Short(assembly)}' cannot run: these of its dependencies lie neither beside it nor in '{Texts.Short(packages)}': "
            + $"{Texts.Short(string.Join(", ", missing.Distinct()), 1000)}.",
            "Give the project instead of the .dll, or publish it (dotnet publish) and give the published .dll.");
    }

    private static List<Asset> Read(string file)
    {
        var assets = new List<Asset>();
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            var target = document.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!;
            var libraries = document.RootElement.GetProperty("libraries");
            foreach (var library in document.RootElement.GetProperty("targets").GetProperty(target).EnumerateObject())
            {
                var about = libraries.GetProperty(library.Name);
                var isPackage = about.GetProperty("type").GetString() == "package";
                var path = about.TryGetProperty("path", out var given) ? given.GetString() ?? "" : library.Name.ToLowerInvariant();
                foreach (var kind in isPackage ? Kinds : [])
                {
                    if (!library.Value.TryGetProperty(kind, out var list))
                        continue;
                    assets.AddRange(list.EnumerateObject().Where(asset => !asset.Name.EndsWith("/_._", StringComparison.Ordinal))
                        .Select(asset => new Asset(library.Name, path, asset.Name, PlaceOf(kind, asset.Name))));
                }
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or IOException or ArgumentNullException)
        {
            throw new KitaruUsageException($"'{Texts.Short(file)}' is not a dependency file: {e.Message}", "Build the assembly again.", e);
        }
        return assets;
    }

    // lib/net8.0/X.dll lies as X.dll, lib/net8.0/de/X.resources.dll as de/X.resources.dll; runtimes/linux/lib/net8.0/X.dll keeps its path.
    private static string PlaceOf(string kind, string path) => kind switch
    {
        "runtimeTargets" => path,
        "resources" => Path.Combine(Path.GetFileName(Path.GetDirectoryName(path)!), Path.GetFileName(path)),
        _ => Path.GetFileName(path),
    };

    private static bool IsWithin(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private sealed record Asset(string Library, string PackagePath, string Path, string Destination);
}
