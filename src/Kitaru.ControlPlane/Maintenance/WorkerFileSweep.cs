using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane.Maintenance;

/// <summary>Output of workers that died with everything around them: whoever finds a dead worker has taken its last words long before.</summary>
internal sealed class WorkerFileSweep(IWorkerStore workers, ConfigDirectory config, TimeProvider time) : ISweep
{
    public static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public async Task<FilesSize> MeasureAsync(CancellationToken cancellationToken)
    {
        var (all, old) = (All().ToList(), await FindOldAsync(cancellationToken).ConfigureAwait(false));
        return new FilesSize(all.Count, all.Sum(Files.SizeOf), old.Count, old.Sum(Files.SizeOf));
    }

    public async Task<Removed> SweepAsync(CancellationToken cancellationToken) =>
        (await FindOldAsync(cancellationToken).ConfigureAwait(false)).Select(Files.Remove).Aggregate(new Removed(), (sum, one) => sum + one);

    private async Task<List<FileInfo>> FindOldAsync(CancellationToken cancellationToken)
    {
        var known = (await workers.ListAsync(cancellationToken).ConfigureAwait(false)).Select(worker => worker.Worker.Id.ToString()).ToHashSet(StringComparer.Ordinal);
        var limit = (time.GetUtcNow() - Grace).UtcDateTime;
        return [.. All().Where(file => file.LastWriteTimeUtc < limit && !known.Contains(file.Name.Split('.')[0]))];
    }

    private IEnumerable<FileInfo> All() => Files.In(config.Workers).Where(file => file.Extension != ".lock");
}
