using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal interface ILogStore
{
    /// <summary>False when there is no such execution.</summary>
    Task<bool> AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken);

    /// <summary>Oldest first. <paramref name="severityMin"/> is null for all levels.</summary>
    Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, int? severityMin, CancellationToken cancellationToken);
}
