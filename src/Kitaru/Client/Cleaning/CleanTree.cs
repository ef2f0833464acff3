using Kitaru.Core.Configuration;

namespace Kitaru.Client.Cleaning;

/// <summary>What lies in the folders that cleaning deletes. Nothing behind a link is looked at.</summary>
internal static class CleanTree
{
    private const int StoresShownMax = 5;
    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>A project's folder.</summary>
    public static CleanEntry OfProject(string folder) => Folder(folder, "the project's active stack and project");

    /// <summary>The config directory; null when there is none.</summary>
    public static CleanEntry? OfConfig(ConfigDirectory config)
    {
        if (!Directory.Exists(config.Root))
            return null;
        var stores = Path.GetDirectoryName(config.Database)!;
        var first = new[] { Path.Combine(config.Root, "kitaru.yaml"), config.Settings, stores, config.LocalServer };
        var entries = Directory.EnumerateFileSystemEntries(config.Root).OrderBy(path => Array.IndexOf(first, path) is >= 0 and var place ? place : first.Length).ThenBy(path => path, StringComparer.Ordinal);
        var children = entries.Select(path => path == stores ? Stores(path) : Directory.Exists(path) && !IsLink(path) ? Folder(path, NoteOf(config, path)) : File(path, NoteOf(config, path))).ToList();
        return new CleanEntry(config.Root, "directory") { SizeBytes = children.Sum(child => child.SizeBytes ?? 0), Children = children };
    }

    /// <summary>Names in the config directory that Kitaru did not make.</summary>
    public static IReadOnlyList<string> Foreign(ConfigDirectory config)
    {
        if (!Directory.Exists(config.Root))
            return [];
        string[] known =
        [
            "kitaru.yaml", "local_stores", .. new[] { config.Settings, config.Credentials, config.LocalServer, config.Snapshots, config.Builds, config.SecretKeys, config.Workers, config.Locks }.Select(path => Path.GetFileName(path)),
        ];
        return [.. Directory.EnumerateFileSystemEntries(config.Root).Select(path => Path.GetFileName(path)).Where(name => !known.Any(own => name == own || name.StartsWith(own + ".", StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }

    private static CleanEntry Stores(string folder)
    {
        var stores = Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal).ToList();
        return Folder(folder, $"{stores.Count} stores") with
        {
            Children = stores.Count <= StoresShownMax ? [.. stores.Select(path => Directory.Exists(path) && !IsLink(path) ? Folder(path, null) : File(path, null))] : [],
        };
    }

    private static string? NoteOf(ConfigDirectory config, string path) =>
        path == config.Credentials ? "keys of servers that were logged in to"
        : path == config.SecretKeys ? "keys of secrets: without them no backup's secrets can be read"
        : path == config.LocalServer ? "the local server"
        : null;

    private static CleanEntry Folder(string path, string? note) => new(path, "directory") { SizeBytes = IsLink(path) ? 0 : SizeOf(new DirectoryInfo(path)), Note = IsLink(path) ? "a link; only the link is deleted" : note };

    private static CleanEntry File(string path, string? note) => new(path, "file") { SizeBytes = SizeOf(new FileInfo(path)), Note = note };

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static long SizeOf(DirectoryInfo folder) => folder.EnumerateFiles("*", Below).Sum(SizeOf);

    private static long SizeOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            // It has just gone.
            return 0;
        }
    }
}
