using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>
/// What a database must offer, one small interface per noun. Every method is one transaction; every change is conditional and says
/// whether its condition held. Rules that need no SQL live above it. Not API: reshape it freely.
/// </summary>
internal interface IStore : IAsyncDisposable
{
    IExecutionStore Executions { get; }

    IStatisticsStore Statistics { get; }

    IReplayStore Replays { get; }

    ICohortStore Cohorts { get; }

    IJournalStore Journal { get; }

    IWaitStore Waits { get; }

    IWorkerStore Workers { get; }

    IArtifactRecordStore Artifacts { get; }

    ILogStore Logs { get; }

    ISnapshotStore Snapshots { get; }

    IDeploymentStore Deployments { get; }

    ISecretStore Secrets { get; }

    IRetentionStore Retention { get; }

    IStackStore Stacks { get; }

    IIdempotencyStore Idempotency { get; }

    ITransferStore Transfers { get; }

    /// <summary>This store, with the first change that a client can ask for made in one transaction with the request's key. It needs no disposing.</summary>
    IStore Under(IdempotentRequest request);

    /// <inheritdoc cref="Kitaru.Core.IExecutions.WaitForChangeAsync"/>
    Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken);

    /// <inheritdoc cref="Kitaru.Core.IWorkers.WaitForWorkAsync"/>
    Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken);
}
