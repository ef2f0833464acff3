namespace Kitaru.ControlPlane;

/// <summary>
/// The artifact store's files as things that take space. A value is removed in two steps, so that nobody loses one he has just stored again:
/// it is taken out of sight, looked at once more, and put back if its time of change moved; only then is it deleted.
/// </summary>
internal sealed class LocalArtifactFiles(string root)
{
    /// <summary>Suffix of a value that is being written.</summary>
    public const string Unfinished = ".tmp";

    private const string Removed = ".removed";

    /// <summary>Values: hash and file.</summary>
    public IEnumerable<FileInfo> Values() => All().Where(file => !IsLeftover(file));

    /// <summary>What writers and sweeps left that did not come to their end.</summary>
    public IEnumerable<FileInfo> Leftovers() => All().Where(IsLeftover);

    /// <summary>Takes a value that was last stored before then out of sight; null when it is not there or was stored again.</summary>
    public FileInfo? TakeAway(string hash, DateTimeOffset storedBefore)
    {
        var path = Path.Combine(root, hash[..2], hash);
        var away = path + Removed;
        try
        {
            if (File.GetLastWriteTimeUtc(path) >= storedBefore.UtcDateTime)
                return null;
            File.Move(path, away, overwrite: true);
            if (File.GetLastWriteTimeUtc(away) < storedBefore.UtcDateTime)
                return new FileInfo(away);
            File.Move(away, path, overwrite: true);
            return null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static bool IsLeftover(FileInfo file) => file.Extension is Unfinished or Removed;

    private IEnumerable<FileInfo> All() => Directory.Exists(root)
        ? new DirectoryInfo(root).EnumerateFiles("*", Maintenance.Files.Below)
        : [];
}
