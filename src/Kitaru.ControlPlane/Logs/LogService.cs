using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

internal sealed class LogService(IStore store) : ILogs
{
    private const int LinesMax = 100_000;

    public async Task AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken = default)
    {
        if (entries.Count > 0 && !await store.Logs.AppendAsync(id, entries, cancellationToken).ConfigureAwait(false))
            throw ExecutionService.NotFound(id);
    }

    public Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Limit is < 1 or > LinesMax)
            throw new KitaruUsageException($"limit must be between 1 and {LinesMax}; it is {query.Limit}.");
        return store.Logs.ReadAsync(query, LogLevels.Threshold(query.Level), cancellationToken);
    }
}
