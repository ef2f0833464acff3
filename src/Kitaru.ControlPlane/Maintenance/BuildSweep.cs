using Kitaru.ControlPlane.Targets;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>Records of builds of targets that nobody has run for long, and what builds that were killed left.</summary>
internal sealed class BuildSweep(ConfigDirectory config, TimeProvider time) : ISweep
{
    /// <summary>The source may be gone: it is built again if it is not.</summary>
    public static readonly TimeSpan UnusedMax = TimeSpan.FromDays(30);

    private static readonly TimeSpan UnfinishedMax = TimeSpan.FromDays(1);

    public Task<FilesSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var (files, folders) = Old();
        var records = Files.In(config.Builds).Where(file => !IsLock(file)).ToList();
        var work = Files.Folders(config.Builds).ToList();
        return Task.FromResult(new FilesSize(
            records.Count + work.Count, records.Sum(Files.SizeOf) + work.Sum(Files.SizeOf),
            files.Count + folders.Count, files.Sum(Files.SizeOf) + folders.Sum(Files.SizeOf)));
    }

    public Task<Removed> SweepAsync(CancellationToken cancellationToken)
    {
        var (files, folders) = Old();
        return Task.FromResult(files.Select(Files.Remove).Concat(folders.Select(Files.Remove)).Aggregate(new Removed(), (sum, one) => sum + one));
    }

    private (List<FileInfo> Files, List<DirectoryInfo> Folders) Old()
    {
        var now = time.GetUtcNow().UtcDateTime;
        return (
            [.. Files.In(config.Builds).Where(file => !IsLock(file) && file.LastWriteTimeUtc < now - (IsRecord(file) ? UnusedMax : UnfinishedMax))],
            [.. Files.Folders(config.Builds).Where(folder => folder.LastWriteTimeUtc < now - UnfinishedMax)]);
    }

    private static bool IsRecord(FileInfo file) => file.Extension == BuildRecords.Extension;

    /// <summary>Deleting one would let two holders in.</summary>
    private static bool IsLock(FileInfo file) => file.Extension == ".lock";
}
