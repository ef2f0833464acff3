using System.Collections.Concurrent;
using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class ExecutionStore(StoreSession session) : IExecutionStore
{
    private static readonly Sql HurrySql = new(
        """
        UPDATE execution SET runnable_at = ?2
        WHERE exec_id = ?1 AND status = 'queued' AND runnable_at > ?2
        """);

    private const int FlowsMax = 10_000;

    /// <summary>Flows this process has stored executions of, by name: none is ever removed or renamed.</summary>
    private readonly ConcurrentDictionary<string, FlowId> _flows = new(StringComparer.Ordinal);

    public async Task<InsertedExecution> InsertAsync(NewExecution execution, FlowId newFlowId, TimeSpan leaseDuration, CancellationToken cancellationToken)
    {
        var insert = ExecutionInsert.Prepare(execution, newFlowId, leaseDuration);
        if (insert.IsPlain && _flows.TryGetValue(execution.FlowName, out var flowId))
        {
            var now = session.Now;
            var traits = execution.TakenBy is null ? WriteTraits.None : WriteTraits.NotForWorkers;
            if (await session.WriteTogetherAsync(insert.Changes(flowId, now), execution.Inputs, execution.Id.Value, traits, cancellationToken).ConfigureAwait(false) == 1)
                return ExecutionInsert.Inserted(flowId, now);
        }
        var inserted = await session.WriteAndNotifyAsync(
            connection => insert.Run(connection, session.Now), cancellationToken, StoreSession.SizeOf(execution.Inputs), execution.Id.Value).ConfigureAwait(false);
        if (inserted.Existing is null && _flows.Count < FlowsMax)
            _flows.TryAdd(execution.FlowName, inserted.FlowId);
        return inserted;
    }

    public Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ExecutionRow.Find(connection, id), cancellationToken);

    public Task<ExecutionRows?> FindRowsAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(
            connection => ExecutionRow.Find(connection, id) is { } execution
                ? new ExecutionRows(
                    execution,
                    JournalRow.List(connection, id, withBytes: false),
                    AttemptRow.List(connection, id),
                    RunningCallRow.List(connection, id),
                    ArtifactRow.List(connection, id),
                    WaitRow.List(connection, id),
                    execution.OriginalId is null ? null : ReplayRow.Find(connection, id))
                : null,
            cancellationToken);

    public Task<(IReadOnlyList<ExecutionRecord> Items, long Total)> ListAsync(ExecutionFilter filter, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ExecutionList.Read(connection, filter), cancellationToken);

    public Task<bool> CancelIfActiveAsync(ExecutionId id, string? by, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => ExecutionEnd.CancelIfActive(connection, id, by, session.Now), cancellationToken, affinity: id.Value);

    public Task<bool> ReopenIfFailedAsync(ExecutionId id, SnapshotId? code, string reason, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => ExecutionReopen.ReopenIfFailed(connection, id, code, reason, session.Now), cancellationToken, affinity: id.Value);

    public Task<bool> HurryIfQueuedAsync(ExecutionId id, string? by, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(
            connection =>
            {
                using (var statement = connection.Use(HurrySql))
                {
                    if (statement.Bind(id.Value).Bind(session.Now).Run() == 0)
                        return false;
                }
                RunnerLine.Add(connection, id, "INFO", $"Resumed{(by is null ? "" : $" by {by}")}.", session.Now);
                return true;
            },
            cancellationToken,
            affinity: id.Value);

    public Task<bool> ChangeTagsAsync(ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken) =>
        session.WriteAndNotifyAsync(connection => TagRow.Change(connection, id, add, remove), cancellationToken, affinity: id.Value);
}
