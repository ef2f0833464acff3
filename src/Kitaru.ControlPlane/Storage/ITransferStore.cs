using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Rows as they are; see <see cref="ITransfers"/>.</summary>
internal interface ITransferStore
{
    Task<ExportPage> ExportAsync(ExecutionId? after, int limit, bool withOpen, CancellationToken cancellationToken);

    Task<IReadOnlyList<ExecutionId>> CloseMovedAsync(IReadOnlyDictionary<ExecutionId, long> epochs, string by, CancellationToken cancellationToken);

    Task<ImportOutcome> ImportAsync(ImportBatch batch, Func<FlowId> newFlowId, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<ExecutionId, string>> DigestAsync(IReadOnlyList<ExecutionId> ids, CancellationToken cancellationToken);

    Task<IReadOnlyList<ArchivedDeployment>> ExportDeploymentsAsync(CancellationToken cancellationToken);

    Task<int> ImportDeploymentsAsync(
        IReadOnlyList<ArchivedDeployment> items, IReadOnlyDictionary<EnvironmentId, WorkerEnvironment> environments, Func<FlowId> newFlowId, CancellationToken cancellationToken);

    Task<IReadOnlyDictionary<EnvironmentId, WorkerEnvironment>> FindEnvironmentsAsync(IReadOnlySet<string> ids, CancellationToken cancellationToken);
}
