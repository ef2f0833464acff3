using System.Security.Cryptography;
using System.Text;

namespace Kitaru.ControlPlane.Targets;

/// <summary>
/// Everything a project build goes by: the source and settings files below its projects, the settings files above them, and what the build
/// itself reported (content files, files from elsewhere). Small files count by content, so that a touched or restored file is unchanged.
/// </summary>
internal static class BuildInputs
{
    private const int FilesMax = 20_000;
    private const int ContentBytesMax = 1024 * 1024;
    private const int ParentsMax = 24;

    private static readonly string[] Above =
    [
        "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "Directory.Build.rsp", "global.json",
        "nuget.config", "NuGet.config", "NuGet.Config", ".editorconfig",
    ];

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".cs", ".csproj", ".props", ".targets", ".resx", ".razor", ".cshtml", ".editorconfig", ".globalconfig", ".ruleset", ".rsp", ".config",
    };

    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase) { "global.json", "packages.lock.json" };

    /// <summary>What the injected targets file wrote, one file for each project that was built.</summary>
    public static (IReadOnlyList<string> Projects, IReadOnlyList<string> Inputs) Read(string folder, string target, bool isFile, string dotnetRoot)
    {
        var lines = Directory.EnumerateFiles(folder).SelectMany(File.ReadAllLines).ToHashSet(StringComparer.Ordinal);
        var projects = Marked("project|").Order(StringComparer.Ordinal).ToList();
        var packages = Marked("packages|").ToList();
        var inputs = lines.Where(line => Path.IsPathFullyQualified(line) && !IsMade(line, packages, dotnetRoot))
            .Append(target).Distinct().Order(StringComparer.Ordinal).ToList();
        // The project of a single file is virtual, and the folder around it none of its business.
        if (isFile)
            projects.RemoveAll(project => !File.Exists(project));
        return (projects, inputs);

        IEnumerable<string> Marked(string mark) =>
            lines.Where(line => line.Length > mark.Length && line.StartsWith(mark, StringComparison.Ordinal)).Select(line => line[mark.Length..]);
    }

    /// <summary>A hash of it all, or null when there is too much to look at.</summary>
    public static string? Fingerprint(IReadOnlyList<string> projects, IReadOnlyList<string> inputs, IReadOnlyList<string> rest)
    {
        var files = Files(projects, inputs);
        if (files is null)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in rest.Concat(projects))
            hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(Mark(new FileInfo(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether something was written while the build ran: then nobody knows which state was built.</summary>
    public static bool AnyChangedSince(DateTimeOffset time, IReadOnlyList<string> projects, IReadOnlyList<string> inputs) =>
        Files(projects, inputs)?.Any(file => Path.GetFileName(file) != AssetsName && File.GetLastWriteTimeUtc(file) >= time.UtcDateTime) ?? true;

    private const string AssetsName = "project.assets.json";

    private static SortedSet<string>? Files(IReadOnlyList<string> projects, IReadOnlyList<string> inputs)
    {
        var files = new SortedSet<string>(inputs, StringComparer.Ordinal);
        var folders = projects.Select(project => Path.GetDirectoryName(project)!).Distinct().ToList();
        foreach (var folder in folders)
        {
            foreach (var file in Below(folder))
            {
                files.Add(file);
                if (files.Count > FilesMax)
                    return null;
            }
        }
        // A new file of a kind that is already taken from a folder may be taken as well.
        var kinds = inputs.Select(input => (Folder: Path.GetDirectoryName(input)!, Extension: Path.GetExtension(input))).Distinct()
            .Where(kind => kind.Extension.Length > 0 && !kind.Extension.Equals(".cs", StringComparison.OrdinalIgnoreCase))
            .Where(kind => folders.Any(project => IsWithin(Path.Combine(kind.Folder, "x"), project)));
        foreach (var (folder, extension) in kinds)
            files.UnionWith(List(folder).Where(file => file.EndsWith(extension, StringComparison.OrdinalIgnoreCase)));
        foreach (var folder in folders.Concat(inputs.Select(input => Path.GetDirectoryName(input)!)).Distinct())
        {
            var parent = folder;
            for (var i = 0; i < ParentsMax && parent is not null; i++, parent = Path.GetDirectoryName(parent))
                files.UnionWith(Above.Select(name => Path.Combine(parent, name)).Where(File.Exists));
        }
        return files;
    }

    private static IEnumerable<string> Below(string folder)
    {
        var folders = new Stack<string>([folder]);
        while (folders.TryPop(out var next))
        {
            foreach (var file in List(next))
            {
                if (Extensions.Contains(Path.GetExtension(file)) || Names.Contains(Path.GetFileName(file)))
                    yield return file;
            }
            foreach (var child in Children(next))
                folders.Push(child);
        }
        var assets = Path.Combine(folder, "obj", AssetsName);
        if (File.Exists(assets))
            yield return assets;
    }

    private static byte[] Mark(FileInfo file)
    {
        try
        {
            if (!file.Exists)
                return [0];
            return file.Length <= ContentBytesMax
                ? SHA256.HashData(File.ReadAllBytes(file.FullName))
                : [.. BitConverter.GetBytes(file.Length), .. BitConverter.GetBytes(file.LastWriteTimeUtc.Ticks)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [1];
        }
    }

    private static bool IsMade(string file, List<string> packages, string dotnetRoot) =>
        IsWithin(file, dotnetRoot) || packages.Any(folder => IsWithin(file, folder))
        || file.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) is var parts && parts.Contains("obj");

    private static bool IsWithin(string file, string folder) =>
        file.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string[] List(string folder) => Try(() => Directory.GetFiles(folder));

    private static string[] Children(string folder) => Try(() =>
    [
        .. Directory.EnumerateDirectories(folder)
            .Where(child => !IsSkipped(Path.GetFileName(child)) && new DirectoryInfo(child).LinkTarget is null),
    ]);

    private static bool IsSkipped(string name) => name is "bin" or "obj" or "node_modules" or "artifacts" || name.StartsWith('.');

    private static string[] Try(Func<string[]> list)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
