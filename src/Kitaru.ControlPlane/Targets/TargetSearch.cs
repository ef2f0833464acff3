using Kitaru.Core;

namespace Kitaru.ControlPlane.Targets;

/// <summary>Finds the project, or failing that the build output, that carries an assembly name; bounded, whatever the folder is.</summary>
internal static class TargetSearch
{
    private const int DepthMax = 8;
    private const int FoldersMax = 20_000;

    public static (TargetKind Kind, string Path) Find(string name, string workingDirectory, TargetErrors errors, KitaruUsageException? notFound)
    {
        var root = Path.GetFullPath(workingDirectory);
        var projects = new List<string>();
        var named = new List<string>();
        var assemblies = new List<string>();
        foreach (var folder in Folders(root))
        {
            foreach (var file in Files(folder, "*.csproj"))
            {
                projects.Add(ProjectFile.AssemblyNameOf(file));
                if (projects[^1] == name || Path.GetFileNameWithoutExtension(file) == name)
                    named.Add(file);
            }
            assemblies.AddRange(Files(folder, name + ".dll").Where(file => Path.GetFileName(file) == name + ".dll"));
        }
        return (named.Count, assemblies.Count) switch
        {
            (1, _) => (TargetKind.Project, named[0]),
            ( > 1, _) => throw errors.Ambiguous($"several projects are named '{Texts.Short(name)}'", Relative(root, named)),
            (0, 1) => (TargetKind.Assembly, assemblies[0]),
            (0, > 1) => throw errors.Ambiguous($"several assemblies are named '{Texts.Short(name)}'", Relative(root, assemblies)),
            _ => throw notFound ?? errors.NameNotFound(name, [.. projects.Distinct().Order(StringComparer.Ordinal)]),
        };
    }

    /// <summary>Folders from <paramref name="root"/> down, nearest first.</summary>
    private static IEnumerable<string> Folders(string root)
    {
        var queue = new Queue<(string Folder, int Depth)>([(root, 0)]);
        for (var seen = 0; seen < FoldersMax && queue.TryDequeue(out var next); seen++)
        {
            yield return next.Folder;
            if (next.Depth == DepthMax)
                continue;
            foreach (var child in Children(next.Folder))
                queue.Enqueue((child, next.Depth + 1));
        }
    }

    private static string[] Children(string folder) => Try(() => Directory.EnumerateDirectories(folder)
        .Where(child => !IsSkipped(Path.GetFileName(child)) && new DirectoryInfo(child).LinkTarget is null)
        .Order(StringComparer.Ordinal));

    private static string[] Files(string folder, string pattern) => Try(() => Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal));

    // Reference assemblies hold no code; obj is the compiler's own.
    private static bool IsSkipped(string name) => name is "obj" or "node_modules" or "ref" or "refint" || name.StartsWith('.');

    private static List<string> Relative(string root, IEnumerable<string> paths) => [.. paths.Select(path => Path.GetRelativePath(root, path))];

    private static string[] Try(Func<IEnumerable<string>> list)
    {
        try
        {
            return [.. list()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [];
        }
    }
}
