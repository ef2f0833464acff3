using System.Linq.Expressions;
using Kitaru.Client;
using Kitaru.Client.Connection;
using Kitaru.Client.Status;
using Kitaru.ControlPlane.LocalServer;
using Kitaru.Core;
using Kitaru.Core.Configuration;

namespace Kitaru;

/// <summary>
/// What programs use: starts flows and steers executions. <see cref="Connect"/> costs nothing; the store is opened on first use.
/// </summary>
public sealed partial class KitaruClient : IAsyncDisposable
{
    private readonly KitaruClientOptions _options;
    private readonly ConnectionResolver _connection;
    private readonly ControlPlanes _controlPlanes;
    private readonly AccessConnections _access;

    /// <summary>What a call under a key works on.</summary>
    private readonly IControlPlane? _view;

    private KitaruClient(KitaruClientOptions options)
        : this(options, parent: null, view: null, idempotencyKey: null, storedKey: null)
    {
    }

    private KitaruClient(KitaruClient parent, IControlPlane? view, string? idempotencyKey, string? storedKey)
        : this(parent._options, parent, view, idempotencyKey, storedKey)
    {
    }

    private KitaruClient(KitaruClientOptions options, KitaruClient? parent, IControlPlane? view, string? idempotencyKey, string? storedKey)
    {
        (_options, _parent, _view, _idempotencyKey, _storedKey) = (options, parent, view, idempotencyKey, storedKey);
        Directory = parent?.Directory ?? options.Directory;
        _connection = parent?._connection ?? new ConnectionResolver(options, Directory);
        _access = parent?._access ?? new AccessConnections(options);
        _controlPlanes = parent?._controlPlanes ?? new ControlPlanes(options, Directory);
        LocalServer = parent?.LocalServer ?? new LocalServerControl(Directory, RuntimeSnapshots.LibraryVersion, WorkingDirectory, options.Environment, options.Time);
        Executions = new ExecutionsClient(this);
        Artifacts = new ArtifactsClient(this);
        Deployments = new DeploymentsClient(this);
        Secrets = new SecretsClient(this);
        Stacks = new StacksClient(this);
        Transfers = new TransferClient(this);
        Cleaning = new CleaningClient(this);
    }

    /// <summary>Executions: read and steered.</summary>
    public ExecutionsClient Executions { get; }

    /// <summary>Artifacts: listed and loaded.</summary>
    public ArtifactsClient Artifacts { get; }

    /// <summary>Deployments: flows as numbered, tagged routes that are invoked without their source.</summary>
    public DeploymentsClient Deployments { get; }

    /// <summary>Secrets: stored and read.</summary>
    public SecretsClient Secrets { get; }

    /// <summary>Stacks: where executions run.</summary>
    public StacksClient Stacks { get; }

    /// <summary>Export and import of a project.</summary>
    public TransferClient Transfers { get; }

    /// <summary>Deletes what Kitaru keeps on this machine.</summary>
    public CleaningClient Cleaning { get; }

    /// <summary>The config directory in use.</summary>
    public ConfigDirectory Directory { get; }

    internal string WorkingDirectory => _options.WorkingDirectory ?? Environment.CurrentDirectory;

    internal Func<string, string?> EnvironmentOf => _options.Environment;

    internal string Principal => _options.Principal;

    internal TimeProvider Time => _options.Time;

    internal bool IsForOthers => _options.IsForOthers;

    internal ConnectionReport? Connected => _options.Connected;

    internal CompareLinks Links => new(_options.UiUrl);

    /// <summary>
    /// A client of what the options name, else the environment (<c>KITARU_SERVER_URL</c>, <c>KITARU_AUTH_TOKEN</c>), else the server that was logged in to, else the local server if
    /// it runs, else the embedded store. It follows: a login, a logout, or a start or stop of the local server counts from the next call on.
    /// </summary>
    public static KitaruClient Connect(KitaruClientOptions? options = null) => new(options ?? new KitaruClientOptions());

    /// <summary>A client of a control plane that somebody else has opened and closes.</summary>
    internal static KitaruClient Over(IControlPlane controlPlane, KitaruClientOptions options) => new(options, parent: null, controlPlane, idempotencyKey: null, storedKey: null);

    /// <summary>What the next call will work on. Nothing is opened or asked.</summary>
    /// <exception cref="KitaruUsageException">The settings make no sense.</exception>
    public ConnectionSettings ReadConnection() => _connection.Resolve();

    /// <summary>The control plane of what this client is connected to now, opened if need be. It is good for this call; the next one may be connected to something else.</summary>
    /// <exception cref="KitaruUsageException">The settings make no sense.</exception>
    /// <exception cref="KitaruBackendException">The store cannot be opened.</exception>
    public ValueTask<IControlPlane> OpenAsync(CancellationToken cancellationToken = default) =>
        _view is null ? _controlPlanes.GetAsync(ReadConnection().WithProject(), cancellationToken) : ValueTask.FromResult(_view);

    /// <summary>What the store holds, what it takes on the disk, and what could be given back. Takes time on a large store.</summary>
    public async Task<StoreSize> StoreSizeAsync(CancellationToken cancellationToken = default) =>
        await (await OpenAsync(cancellationToken).ConfigureAwait(false)).Retention.MeasureAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Starts a flow in this program: <c>RunAsync(() => Research.ResearchAgent("tea"))</c>.</summary>
    public Task<ExecutionHandle<T>> RunAsync<T>(Expression<Func<Task<T>>> flow, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        StartHereAsync<T>(flow, options, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Expression{Func{Task{T}}}, RunOptions?, CancellationToken)"/>
    public Task<ExecutionHandle<T>> RunAsync<T>(Expression<Func<ValueTask<T>>> flow, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        StartHereAsync<T>(flow, options, cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Expression{Func{Task{T}}}, RunOptions?, CancellationToken)"/>
    public Task<ExecutionHandle<T>> RunAsync<T>(Expression<Func<T>> flow, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        StartHereAsync<T>(flow, options, cancellationToken);

    /// <summary>Starts a flow that returns nothing in this program.</summary>
    public async Task<ExecutionHandle> RunAsync(Expression<Func<Task>> flow, RunOptions? options = null, CancellationToken cancellationToken = default) =>
        await StartHereAsync<object?>(flow, options, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Starts what earlier runs of this program left unfinished. <see cref="RunAsync{T}(Expression{Func{Task{T}}}, RunOptions?, CancellationToken)"/> does it too.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken = default) =>
        _ = await HostAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>Hands running flows over, after their running checkpoints had time to end, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parent is not null)
            return;
        await StopHostAsync().ConfigureAwait(false);
        _access.Dispose();
        await _controlPlanes.DisposeAsync().ConfigureAwait(false);
        _starting.Dispose();
    }
}
