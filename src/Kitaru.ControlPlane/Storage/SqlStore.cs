using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>A store whose nouns are SQL: the same on every database there is a driver for.</summary>
internal sealed class SqlStore : IStore
{
    private readonly string _name;
    private bool _isView;

    /// <param name="session">What everything is done with.</param>
    /// <param name="name">Where it lies, for people.</param>
    /// <param name="changes">What changes that clients ask for are made with, if it is another one.</param>
    public SqlStore(StoreSession session, string name, StoreSession? changes = null)
    {
        (Session, _name) = (session, name);
        changes ??= session;
        Executions = new ExecutionStore(changes);
        Statistics = new StatisticsStore(session);
        Replays = new ReplayStore(changes);
        Cohorts = new CohortStore(session);
        Journal = new JournalStore(session);
        Waits = new WaitStore(changes);
        Workers = new WorkerStore(session);
        Artifacts = new ArtifactRecordStore(session);
        Logs = new LogStore(session);
        Snapshots = new SnapshotStore(session);
        Deployments = new DeploymentStore(changes);
        Retention = new RetentionStore(changes, name);
        Stacks = new StackStore(changes);
        Idempotency = new IdempotencyStore(session);
        Secrets = new SecretStore(changes);
        Transfers = new TransferStore(session);
    }

    /// <summary>What everything is done with.</summary>
    public StoreSession Session { get; }

    public IExecutionStore Executions { get; }

    public IStatisticsStore Statistics { get; }

    public IReplayStore Replays { get; }

    public ICohortStore Cohorts { get; }

    public IJournalStore Journal { get; }

    public IWaitStore Waits { get; }

    public IWorkerStore Workers { get; }

    public IArtifactRecordStore Artifacts { get; }

    public ILogStore Logs { get; }

    public ISnapshotStore Snapshots { get; }

    public IDeploymentStore Deployments { get; }

    public ISecretStore Secrets { get; }

    public ITransferStore Transfers { get; }

    public IRetentionStore Retention { get; }

    public IStackStore Stacks { get; }

    public IIdempotencyStore Idempotency { get; }

    public IStore Under(IdempotentRequest request) => new SqlStore(Session, _name, new KeyedSession(Session, request)) { _isView = true };

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => Session.WaitForChangeAsync(seen, cancellationToken);

    public Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken) => Session.WaitForWorkAsync(seen, cancellationToken);

    public ValueTask DisposeAsync() => _isView ? ValueTask.CompletedTask : Session.DisposeAsync();
}
