using System.Text;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.StoreTests;

/// <summary>What the suites share: a fresh database, one control plane on it, and short words for the usual moves.</summary>
public abstract class StoreSuite : IAsyncLifetime
{
    protected static readonly SnapshotId Code = new("code-1");

    private readonly IdFactory _ids;
    private IControlPlane? _plane;

    private protected StoreSuite(IStoreUnderTest store) => (Store, _ids) = (store, new IdFactory(store.Time));

    private protected IStoreUnderTest Store { get; }

    private protected ManualTime Time => Store.Time;

    protected IControlPlane Plane => _plane!;

    protected WorkerId Worker { get; private set; }

    public async Task InitializeAsync()
    {
        _plane = await OpenAsync();
        Worker = NewWorker();
    }

    public Task DisposeAsync() => Store.DisposeAsync().AsTask();

    protected Task<IControlPlane> OpenAsync() => Store.OpenAsync();

    protected Guid NewId() => _ids.NewId();

    protected WorkerId NewWorker() => new(NewId());

    protected NewExecution New(string flow = "greet", string inputs = "{}", string? key = null) => new()
    {
        Id = new ExecutionId(NewId()),
        FlowName = flow,
        Snapshot = Code,
        Inputs = Json(inputs),
        IdempotencyKey = key,
    };

    protected Task<ExecutionRecord> CreateAsync(string flow = "greet") => Plane.Executions.CreateAsync(New(flow));

    /// <summary>A stored execution in the hands of <see cref="Worker"/>.</summary>
    protected async Task<Lease> HeldAsync(string flow = "greet") => (await ClaimAsync((await CreateAsync(flow)).Id)).Lease;

    protected async Task<ClaimedExecution> ClaimAsync(ExecutionId id, WorkerId? worker = null) =>
        (await Plane.Workers.ClaimOneAsync(worker ?? Worker, Code, id)).ShouldNotBeNull();

    protected async Task<ExecutionRecord> FindAsync(ExecutionId id) => (await Plane.Executions.FindAsync(id)).ShouldNotBeNull();

    protected JournalEntry Entry(long seq, string key, string json = "1") => new()
    {
        Seq = seq,
        Kind = JournalKind.Checkpoint,
        Key = key,
        Name = key,
        Status = JournalStatus.Completed,
        Value = Json(json),
        StartedAt = Time.Now,
        EndedAt = Time.Now,
    };

    protected JournalEntry FailedEntry(long seq, string key) => Entry(seq, key) with
    {
        Status = JournalStatus.Failed,
        Value = null,
        Failure = Boom,
    };

    protected static Failure Boom { get; } = new("It broke.", "System.InvalidOperationException", "at Flow()", FailureOrigin.UserCode);

    protected Task<WaitRecord> OpenWaitAsync(Lease lease, string name, string? schema = null) => Plane.Journal.OpenWaitAsync(
        lease, new NewWait(name, "Go on?", schema is null ? null : (JsonObject)JsonNode.Parse(schema)!, null, Time.Now));

    protected Task FinishAsync(Lease lease, ExecutionStatus status = ExecutionStatus.Completed) =>
        Plane.Journal.FinishAsync(lease, new Outcome(status, null, status == ExecutionStatus.Completed ? Json("\"done\"") : null, status == ExecutionStatus.Failed ? Boom : null, null));

    protected Task ReleaseAsync(Lease lease, ExecutionStatus status, DateTimeOffset? at = null) =>
        Plane.Journal.ReleaseAsync(lease, new Release(status, null, at));

    protected static StoredValue Json(string json) => StoredValue.Of(StoredValue.Json, "System.Object", Encoding.UTF8.GetBytes(json));

    protected static string TextOf(StoredValue? value) => Encoding.UTF8.GetString(value.ShouldNotBeNull().Inline.ShouldNotBeNull());
}
