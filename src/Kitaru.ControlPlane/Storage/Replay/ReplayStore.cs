using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

internal sealed class ReplayStore(StoreSession session) : IReplayStore
{
    public Task<InsertedExecution?> InsertAsync(
        NewExecution execution, FlowId newFlowId, ReplayPlan plan, IReadOnlyList<TakenOver> taken, CancellationToken cancellationToken)
    {
        var insert = ExecutionInsert.Prepare(execution, newFlowId, leaseDuration: default);
        var copies = taken.Select(record => new TakenOverRow(execution.Id, plan.Source, record)).ToList();
        var text = ReplayRow.Write(plan);
        return session.WriteAndNotifyAsync(
            connection =>
            {
                connection.Lock(plan.Source);
                // Read first: in a transaction that others share, what was written cannot be taken back.
                if (ExecutionRow.Find(connection, plan.Source) is null || !copies.TrueForAll(copy => copy.Exists(connection)))
                    return null;
                var inserted = insert.Run(connection, session.Now);
                if (inserted.Existing is not null)
                    return inserted;
                ReplayRow.Insert(connection, execution.Id, text);
                foreach (var copy in copies)
                    copy.Insert(connection);
                return inserted;
            },
            cancellationToken,
            StoreSession.SizeOf(execution.Inputs) + text.Length + copies.Count * 512,
            execution.Id.Value);
    }

    public Task<ReplayPlan?> FindPlanAsync(ExecutionId id, CancellationToken cancellationToken) =>
        session.ReadAsync(connection => ReplayRow.Find(connection, id), cancellationToken);
}
