using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>Gathers what an explanation rests on.</summary>
internal sealed class FactFinder(IStore store, TimeSpan leaseDuration, TimeProvider time)
{
    private const int LinesMax = 5;
    private const int TroublesMax = 8;
    private const int TriesMax = 5;

    public async Task<ExplainFacts> FindAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var facts = await ReadAsync(id, cancellationToken).ConfigureAwait(false);
            var after = await store.Executions.FindAsync(id, cancellationToken).ConfigureAwait(false);
            // Read one after the other: when it moved on meanwhile, the pieces may not belong together.
            if (attempt == TriesMax || (after is not null && after.Epoch == facts.Execution.Epoch && after.Status == facts.Execution.Status))
                return facts;
        }
    }

    private async Task<ExplainFacts> ReadAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        var rows = await store.Executions.FindRowsAsync(id, cancellationToken).ConfigureAwait(false) ?? throw ExecutionService.NotFound(id);
        var detail = ExecutionDetails.Assemble(rows);
        var known = await store.Workers.ListAsync(cancellationToken).ConfigureAwait(false);
        var work = await store.Workers.FindRunnableAsync(cancellationToken).ConfigureAwait(false);
        var query = new LogQuery { ExecutionId = id, Limit = TroublesMax };
        var troubles = await store.Logs.ReadAsync(query, LogLevels.Severity("WARNING"), cancellationToken).ConfigureAwait(false);
        query = query with { Limit = LinesMax };
        var lines = await store.Logs.ReadAsync(query, null, cancellationToken).ConfigureAwait(false);
        var failedLines = ExplainFacts.FailedCall(detail) is { } failed
            ? await store.Logs.ReadAsync(query with { Checkpoint = failed.Name }, null, cancellationToken).ConfigureAwait(false)
            : [];
        return new ExplainFacts(
            detail,
            [.. known.Select(worker => new SeenWorker(worker.Worker, worker.SeenAt, !ProcessIdentities.IsAlive(worker.Worker.Process)))],
            work.Kinds.GetValueOrDefault(new WorkerKind(detail.Execution.Snapshot, detail.Execution.Environment)),
            troubles,
            lines,
            failedLines,
            leaseDuration,
            time.GetUtcNow());
    }
}
