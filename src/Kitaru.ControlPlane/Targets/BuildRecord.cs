using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Kitaru.ControlPlane.Targets;

/// <summary>What the last build of a target went by and what came of it.</summary>
internal sealed record BuildRecord
{
    /// <summary>Hash of everything that went in; null when it changed meanwhile, which matches nothing.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>The snapshot, or null when only <see cref="IsProgram"/> is known.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The source has top-level statements.</summary>
    public bool IsProgram { get; init; }

    /// <summary>Projects that took part.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Files that went in.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];
}

/// <summary>One record for each target path, in the config directory.</summary>
internal sealed class BuildRecords(string folder)
{
    public const string Extension = ".json";

    public string LockPath(string key) => Path.Combine(folder, key + ".lock");

    public BuildRecord? Find(string key)
    {
        try
        {
            return JsonSerializer.Deserialize<BuildRecord>(File.ReadAllBytes(PathOf(key)));
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Save(string key, BuildRecord record)
    {
        var temporary = PathOf(key) + $".{Environment.ProcessId}.tmp";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(record));
        File.Move(temporary, PathOf(key), overwrite: true);
    }

    public static string KeyOf(string kind, string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{path}")))[..32];

    /// <summary>Notes that it was of use, so that it is not taken for one that nobody needs.</summary>
    public void Touch(string key, DateTimeOffset now)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(key), now.UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has just been replaced or removed.
        }
    }

    /// <summary>What the records name as the newest code of their targets.</summary>
    public IReadOnlySet<SnapshotId> Newest()
    {
        if (!Directory.Exists(folder))
            return new HashSet<SnapshotId>();
        return Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(file => Find(Path.GetFileNameWithoutExtension(file))?.Snapshot).OfType<string>().Select(id => new SnapshotId(id)).ToHashSet();
    }

    private string PathOf(string key) => Path.Combine(folder, key + Extension);
}
