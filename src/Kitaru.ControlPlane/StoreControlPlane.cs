using Kitaru.ControlPlane.Maintenance;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Snapshots;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <summary>The control plane in this process, straight on a store. Several processes may have the same store open.</summary>
public sealed class StoreControlPlane : IControlPlane
{
    private readonly IStore _store;
    private readonly Func<IStore, StoreControlPlane> _over;

    internal StoreControlPlane(
        IStore store, IArtifactStore files, IdFactory ids, TimeSpan leaseDuration, TimeProvider time, ConfigDirectory? directory = null,
        SecretKeyring? keys = null, IValueSweep? valueSweep = null)
    {
        _store = store;
        keys ??= new MemorySecretKeys();
        _over = other => new StoreControlPlane(other, files, ids, leaseDuration, time, directory, keys, valueSweep);
        var values = new LargeValues(files);
        var executions = new ExecutionService(store, values, ids, new FactFinder(store, leaseDuration, time), leaseDuration);
        Executions = executions;
        Statistics = new StatisticsService(store);
        Waits = new WaitService(store, values, executions);
        Artifacts = new ArtifactService(store, values, files);
        Replays = new ReplayService(store, values, ids, executions, new DiffService(Artifacts, executions), new CohortService(store));
        Logs = new LogService(store);
        Snapshots = new SnapshotService(store, new SnapshotFiles(files, directory, time));
        Deployments = new DeploymentService(store, ids);
        Workers = new WorkerService(store, leaseDuration, time);
        Journal = new JournalService(store, values, ids);
        var secrets = new SecretService(store.Secrets, keys, ids);
        Secrets = secrets;
        Retention = new RetentionService(
            store, valueSweep ?? (files is LocalArtifactStore local ? new LargeValueSweep(store.Retention, local.Files, time) : null), directory, time);
        Stacks = new StackService(store, [new LocalBackend()], ids, time, secrets);
        Idempotency = new IdempotencyService(store);
        Transfers = new TransferService(store, ids);
    }

    /// <inheritdoc/>
    public IExecutions Executions { get; }

    /// <inheritdoc/>
    public IStatistics Statistics { get; }

    /// <inheritdoc/>
    public IReplays Replays { get; }

    /// <inheritdoc/>
    public IWaits Waits { get; }

    /// <inheritdoc/>
    public IArtifacts Artifacts { get; }

    /// <inheritdoc/>
    public ILogs Logs { get; }

    /// <inheritdoc/>
    public ISnapshots Snapshots { get; }

    /// <inheritdoc/>
    public IDeployments Deployments { get; }

    /// <inheritdoc/>
    public IWorkers Workers { get; }

    /// <inheritdoc/>
    public IJournal Journal { get; }

    /// <inheritdoc/>
    public ISecrets Secrets { get; }

    /// <inheritdoc/>
    public IRetention Retention { get; }

    /// <inheritdoc/>
    public IStacks Stacks { get; }

    /// <inheritdoc/>
    public IIdempotency Idempotency { get; }

    /// <inheritdoc/>
    public ITransfers Transfers { get; }

    /// <inheritdoc/>
    public IControlPlane Under(IdempotentRequest request) => _over(_store.Under(request));

    /// <summary>Commits what is queued, then closes the store.</summary>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
