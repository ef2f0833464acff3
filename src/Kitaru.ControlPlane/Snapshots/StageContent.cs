using System.Security.Cryptography;
using System.Text;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>The files of a build output that are the user's, and the hash that names them.</summary>
internal sealed class StageContent
{
    private StageContent(string folder, IReadOnlyList<string> files) => (Folder, Files) = (folder, files);

    public string Folder { get; }

    /// <summary>Relative paths, in ordinal order.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>Everything but what the worker replaces, writes itself, or nothing reads at run time.</summary>
    public static StageContent Of(string folder, IReadOnlySet<string> workerAssemblies)
    {
        var all = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .ToHashSet(StringComparer.Ordinal);
        var files = all.Where(file => !IsLeftOut(file, all, workerAssemblies)).Order(StringComparer.Ordinal);
        return new StageContent(folder, [.. files]);
    }

    /// <summary>Everything there is.</summary>
    public static StageContent Whole(string folder) => new(folder, [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)]);

    public long SizeBytes() => Files.Sum(file => new FileInfo(Path.Combine(Folder, file)).Length);

    /// <summary>SHA-256 over names and contents.</summary>
    public SnapshotId Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Files)
        {
            using var stream = File.OpenRead(Path.Combine(Folder, file));
            hash.AppendData(Encoding.UTF8.GetBytes(file + "\n"));
            hash.AppendData(SHA256.HashData(stream));
        }
        return new SnapshotId(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static bool IsLeftOut(string file, HashSet<string> all, IReadOnlySet<string> workerAssemblies)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return file.EndsWith(".deps.json", StringComparison.OrdinalIgnoreCase)
            || file.EndsWith(".staticwebassets.endpoints.json", StringComparison.OrdinalIgnoreCase)
            || (name.StartsWith("Kitaru", StringComparison.Ordinal) && workerAssemblies.Contains(name + ".dll"))
            || (file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) && all.Contains(file[..^4] + ".dll"));
    }
}
