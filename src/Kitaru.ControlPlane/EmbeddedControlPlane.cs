using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru.ControlPlane;

/// <summary>The control plane in this process, straight on the embedded store. Several processes may have the same store open.</summary>
public sealed class EmbeddedControlPlane : IControlPlane
{
    private readonly IStore _store;
    private readonly Func<IStore, EmbeddedControlPlane> _over;

    internal EmbeddedControlPlane(
        IStore store, IArtifactStore files, IdFactory ids, TimeSpan leaseDuration, TimeProvider time, ConfigDirectory? directory = null, SecretKeyring? keys = null)
    {
        _store = store;
        keys ??= new MemorySecretKeys();
        _over = other => new EmbeddedControlPlane(other, files, ids, leaseDuration, time, directory, keys);
        var values = new LargeValues(files);
        var executions = new ExecutionService(store, values, ids, new FactFinder(store, leaseDuration, time));
        Executions = executions;
        Statistics = new StatisticsService(store);
        Waits = new WaitService(store, values, executions);
        Artifacts = new ArtifactService(store, values, files);
        Replays = new ReplayService(store, values, ids, executions, new DiffService(Artifacts, executions), new CohortService(store));
        Logs = new LogService(store);
        Snapshots = new SnapshotService(store);
        Deployments = new DeploymentService(store, ids);
        Workers = new WorkerService(store, leaseDuration, time);
        Journal = new JournalService(store, values, ids);
        var secrets = new SecretService(store.Secrets, keys, ids);
        Secrets = secrets;
        Retention = new RetentionService(store, (files as LocalArtifactStore)?.Files, directory, time);
        Stacks = new StackService(store, [new LocalBackend()], ids, time, secrets);
        Idempotency = new IdempotencyService(store);
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
    public IControlPlane Under(IdempotentRequest request) => _over(_store.Under(request));

    /// <summary>Opens the embedded store, made or brought up to date first when need be.</summary>
    /// <exception cref="KitaruBackendException">It cannot be opened, or a newer program wrote it.</exception>
    public static Task<EmbeddedControlPlane> OpenAsync(EmbeddedOptions options, CancellationToken cancellationToken = default)
    {
        if (options.LeaseDuration <= TimeSpan.Zero)
            throw new KitaruUsageException($"{nameof(EmbeddedOptions)}.{nameof(options.LeaseDuration)} must be positive; it is {options.LeaseDuration}.");
        // Opening waits for the disk and, rarely, for another process that migrates.
        return Task.Run(
            () =>
            {
                var files = new LocalArtifactStore(options.Directory.Artifacts, options.Time);
                return new EmbeddedControlPlane(
                    SqliteStore.Open(options.Directory.Database, options.Time, files.Exists),
                    files,
                    options.Ids ?? new IdFactory(options.Time),
                    options.LeaseDuration,
                    options.Time,
                    options.Directory,
                    options.SecretKeys is { } keys ? new VariableSecretKeys(keys) : new FileSecretKeys(options.Directory.SecretKeys, options.Time));
            },
            cancellationToken);
    }

    /// <summary>Commits what is queued, then closes the store.</summary>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
