using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Snapshots;

/// <summary>
/// The folders of staged code as things that take space. Like a large value, a snapshot is removed in two steps: it is taken out of sight, looked
/// at once more, and put back if somebody has used it meanwhile.
/// </summary>
internal sealed class StageFolders(ConfigDirectory config)
{
    /// <summary>What of a snapshot says when it was last used.</summary>
    public const string RecordName = "snapshot.json";

    /// <summary>Prefixes of folders: for a worker, of a worker's own files, that are not complete, that are taken out of sight.</summary>
    public const string Run = "run-";
    public const string Worker = ".worker-";
    public const string New = ".new-";
    private const string Old = ".old-";

    public IEnumerable<SnapshotId> Snapshots() => Folders().Where(IsSnapshot).Select(folder => new SnapshotId(folder.Name));

    public IEnumerable<DirectoryInfo> WorkerFolders() => Folders().Where(folder => folder.Name.StartsWith(Worker, StringComparison.Ordinal));

    public IEnumerable<DirectoryInfo> Unfinished() =>
        Folders().Where(folder => folder.Name.StartsWith(New, StringComparison.Ordinal) || folder.Name.StartsWith(Old, StringComparison.Ordinal));

    public IEnumerable<DirectoryInfo> RunFolders(SnapshotId id)
    {
        var folder = Of(id);
        return folder.Exists ? folder.EnumerateDirectories(Run + "*") : [];
    }

    public DirectoryInfo Of(SnapshotId id) => new(Path.Combine(config.Snapshots, id.Value));

    /// <summary>When somebody last asked for it.</summary>
    public DateTime UsedAt(SnapshotId id) => File.GetLastWriteTimeUtc(RecordOf(Of(id)));

    /// <summary>Takes a snapshot that was last used before then out of sight; null when it is not there, in use, or was used just now.</summary>
    public DirectoryInfo? TakeAway(SnapshotId id, DateTime usedBefore)
    {
        var (folder, away) = (Of(id), new DirectoryInfo(Path.Combine(config.Snapshots, Old + id.Value)));
        if (!folder.Exists || UsedAt(id) >= usedBefore || !TryMove(folder.FullName, away.FullName))
            return null;
        if (File.GetLastWriteTimeUtc(RecordOf(away)) < usedBefore)
            return away;
        TryMove(away.FullName, folder.FullName);
        return null;
    }

    /// <summary>The same for a folder that workers ran in, or of a worker's files: each use renews its time.</summary>
    public DirectoryInfo? TakeAway(DirectoryInfo folder, DateTime usedBefore)
    {
        folder.Refresh();
        if (!folder.Exists || folder.LastWriteTimeUtc >= usedBefore || folder.Name.StartsWith(Old, StringComparison.Ordinal))
            return folder.Exists && folder.LastWriteTimeUtc < usedBefore ? folder : null;
        var away = new DirectoryInfo(Path.Combine(config.Snapshots, $"{Old}{folder.Parent!.Name}-{folder.Name}"));
        if (!TryMove(folder.FullName, away.FullName))
            return null;
        away.Refresh();
        if (away.LastWriteTimeUtc < usedBefore)
            return away;
        TryMove(away.FullName, folder.FullName);
        return null;
    }

    /// <summary>What a sweep that died had taken out of sight and somebody has used meanwhile.</summary>
    public void PutBack(DateTime usedBefore)
    {
        foreach (var away in Folders().Where(folder => folder.Name.StartsWith(Old, StringComparison.Ordinal)).ToList())
        {
            if (File.GetLastWriteTimeUtc(RecordOf(away)) >= usedBefore)
                TryMove(away.FullName, Path.Combine(config.Snapshots, away.Name[Old.Length..]));
        }
    }

    public long SizeBytes() => Folders().Sum(SizeBytes);

    /// <summary>Code in a folder for a worker is a second name of the same file.</summary>
    public static long SizeBytes(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles("*", Maintenance.Files.Below)
                .Where(file => !StageLinks.IsLinked(file.FullName) || !file.FullName.Contains(Path.DirectorySeparatorChar + Run, StringComparison.Ordinal))
                .Sum(Maintenance.Files.SizeOf);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Anything else, such as somebody's copy, is not Kitaru's to remove.</summary>
    private static bool IsSnapshot(DirectoryInfo folder) => !folder.Name.Contains('.', StringComparison.Ordinal) && File.Exists(RecordOf(folder));

    private static string RecordOf(DirectoryInfo folder) => Path.Combine(folder.FullName, RecordName);

    private static bool TryMove(string from, string to)
    {
        try
        {
            Directory.Move(from, to);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private IEnumerable<DirectoryInfo> Folders() => Maintenance.Files.Folders(config.Snapshots);
}
