using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Client.Settings;
using Kitaru.ControlPlane;
using Kitaru.ControlPlane.Secrets;
using Kitaru.ControlPlane.Storage;
using Kitaru.ControlPlane.Storage.Sqlite;
using Kitaru.Core;
using Kitaru.Engine;
using Kitaru.Hosting;
using Kitaru.Secrets;
using Kitaru.Testing.Faults;
using Kitaru.Testing.Stores;

namespace Kitaru.Testing;

/// <summary>
/// Runs flows in a test: the real engine over a store in memory, with a clock that the test moves. A run ends, or rests on a question that
/// the test answers; nothing waits for real time.
/// </summary>
public sealed partial class FlowTestHost : IAsyncDisposable
{
    private static readonly SnapshotId Code = SnapshotId.ForProgram("test");

    /// <summary>Far longer than any test: nobody takes executions away from the host.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromDays(36_500);

    private readonly FlowTestOptions _options;
    private readonly MemoryDatabase _database;
    private readonly StoreControlPlane _plane;
    private readonly StoreControlPlane _workerPlane;
    private readonly CommitCounter _commits = new();
    private readonly SeededIds _ids;
    private readonly WorkerId _worker;
    private readonly KnownSecrets _secrets = new();
    private bool _hasSecrets;

    /// <summary>A host with an empty store.</summary>
    public FlowTestHost(FlowTestOptions? options = null)
    {
        _options = options ?? new FlowTestOptions();
        var chance = new Random(_options.Seed);
        _ids = new SeededIds(new Random(chance.Next()), Clock);
        _worker = new WorkerId(_ids.NewId());
        _database = new MemoryDatabase(Clock);
        var store = SqliteStore.OpenInMemory(_database, Clock);
        var files = new MemoryArtifactStore();
        var faults = new FaultInjector(_options.Faults, new Random(chance.Next()), store, static async () => await Task.Yield());
        var keys = new MemorySecretKeys();
        _plane = new StoreControlPlane(store, files, _ids, Lease, Clock, keys: keys);
        _workerPlane = new StoreControlPlane(StoreProxy.Wrap(StoreProxy.Wrap(store, _commits), faults), files, _ids, Lease, Clock, keys: keys);
    }

    /// <summary>The clock of everything that runs here.</summary>
    public ManualClock Clock => _options.Clock;

    /// <summary>Runs a flow until it ends or rests: <c>RunAsync(() => Research.ResearchAgent("tea"))</c>.</summary>
    /// <exception cref="KitaruUsageException">The expression is no call of a method with <c>[Flow]</c>.</exception>
    public Task<FlowTestRun<T>> RunAsync<T>(Expression<Func<Task<T>>> flow, CancellationToken cancellationToken = default) =>
        StartAsync(flow, static (host, id, entry) => new FlowTestRun<T>(host, id, entry), cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Expression{Func{Task{T}}}, CancellationToken)"/>
    public Task<FlowTestRun<T>> RunAsync<T>(Expression<Func<ValueTask<T>>> flow, CancellationToken cancellationToken = default) =>
        StartAsync(flow, static (host, id, entry) => new FlowTestRun<T>(host, id, entry), cancellationToken);

    /// <inheritdoc cref="RunAsync{T}(Expression{Func{Task{T}}}, CancellationToken)"/>
    public Task<FlowTestRun<T>> RunAsync<T>(Expression<Func<T>> flow, CancellationToken cancellationToken = default) =>
        StartAsync(flow, static (host, id, entry) => new FlowTestRun<T>(host, id, entry), cancellationToken);

    /// <summary>Runs a flow that returns nothing until it ends or rests.</summary>
    /// <exception cref="KitaruUsageException">The expression is no call of a method with <c>[Flow]</c>.</exception>
    public Task<FlowTestRun> RunAsync(Expression<Func<Task>> flow, CancellationToken cancellationToken = default) =>
        StartAsync(flow, static (host, id, entry) => new FlowTestRun(host, id, entry), cancellationToken);

    /// <summary>Forgets everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _plane.DisposeAsync().ConfigureAwait(false);
        _database.Dispose();
    }

    internal IControlPlane ControlPlane => _plane;

    internal MemoryDatabase Database => _database;

    private async Task StoreSecretsAsync(CancellationToken cancellationToken)
    {
        if (_hasSecrets)
            return;
        foreach (var (name, values) in _options.Secrets)
            await _plane.Secrets.SetAsync(name, values, cancellationToken: cancellationToken).ConfigureAwait(false);
        _hasSecrets = true;
    }

    private async Task<TRun> StartAsync<TRun>(LambdaExpression flow, Func<FlowTestHost, ExecutionId, FlowEntry, TRun> newRun, CancellationToken cancellationToken)
        where TRun : FlowTestRun
    {
        var call = FlowCall.Parse(flow);
        var entry = FlowCatalog.FromAssemblies([call.Method.Module.Assembly]).Find(call.Method) ?? throw new KitaruUsageException(
            $"{call.Method.DeclaringType?.Name}.{call.Method.Name} is not a flow.",
            "Give the method the [Flow] attribute and build the project that declares it with the Kitaru package.");
        await StoreSecretsAsync(cancellationToken).ConfigureAwait(false);
        var inputs = new JsonObject();
        foreach (var (name, value, type) in call.Inputs)
            inputs[name] = JsonSerializer.SerializeToNode(value, type, ValueCodec.Json);
        var record = await _plane.Executions.CreateAsync(
            new NewExecution
            {
                Id = new ExecutionId(_ids.NewId()),
                FlowName = entry.Definition.Name,
                Snapshot = Code,
                Inputs = StoredValue.Of(StoredValue.Json, "inputs", JsonSerializer.SerializeToUtf8Bytes(inputs)),
                Retries = entry.Definition.Retries ?? 0,
                Seed = _ids.NewSeed(),
                Spec = FrozenSpec.OfFlowAlone(entry.Definition),
            },
            cancellationToken).ConfigureAwait(false);
        var run = newRun(this, record.Id, entry);
        await run.GoOnAsync(cancellationToken).ConfigureAwait(false);
        return run;
    }
}
