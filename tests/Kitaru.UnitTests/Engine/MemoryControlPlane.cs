using System.Text.Json.Nodes;
using Kitaru.ControlPlane;
using Kitaru.Core;

namespace Kitaru.UnitTests.Engine;

/// <summary>
/// The part of a control plane that a run needs, for one execution, in memory and on the calling thread: the naive reference the
/// engine is tested against.
/// </summary>
internal sealed class MemoryControlPlane : IControlPlane, IJournal, ILogs, IArtifacts
{
    private readonly ManualClock _clock;
    private readonly List<JournalEntry> _journal = [];
    private readonly List<AttemptRecord> _attempts = [];
    private readonly Dictionary<string, WaitRecord> _waits = new(StringComparer.Ordinal);
    private long _epoch;
    private ReplayPlan? _plan;

    public MemoryControlPlane(ManualClock clock, string flow, JsonObject inputs)
    {
        _clock = clock;
        Execution = new ExecutionRecord
        {
            Id = new ExecutionId(Guid.Parse("0199c0de-0000-7000-8000-000000000001")),
            FlowId = new FlowId(Guid.Parse("0199c0de-0000-7000-8000-000000000002")),
            FlowName = flow,
            Status = ExecutionStatus.Queued,
            Snapshot = new SnapshotId("test"),
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", System.Text.Encoding.UTF8.GetBytes(inputs.ToJsonString())),
            StackName = "default",
            CreatedAt = clock.GetUtcNow(),
            Seed = 42,
        };
    }

    public ExecutionRecord Execution { get; set; }

    public IReadOnlyList<JournalEntry> Entries => _journal;

    public IReadOnlyList<AttemptRecord> Attempts => _attempts;

    public List<LogEntry> Lines { get; } = [];

    public Outcome? Outcome { get; private set; }

    public Release? Released { get; private set; }

    public IReadOnlyCollection<WaitRecord> WaitRecords => _waits.Values;

    /// <summary>Gives the execution to a new owner; the one before can write nothing more.</summary>
    public ClaimedExecution Claim()
    {
        Released = null;
        Execution = Execution with { Status = ExecutionStatus.Running, StartedAt = Execution.StartedAt ?? _clock.GetUtcNow() };
        var lease = new Lease(Execution.Id, new WorkerId(Guid.Empty), ++_epoch);
        return new ClaimedExecution(lease, Execution, [.. _journal.OrderBy(entry => entry.Seq)], [.. _attempts], [.. _waits.Values], _plan);
    }

    /// <summary>Makes this execution a replay of <paramref name="source"/>.</summary>
    public void TakeOver(MemoryControlPlane source, string from, IReadOnlyDictionary<string, string> outputs, params string[] inputs)
    {
        var id = source.Execution.Id;
        var recorded = DeliveredOrder.Of([.. source._journal.OrderBy(entry => entry.Seq)], source._plan);
        var calls = recorded.Select(entry => new RecordedCall(
            entry.Key, entry.Name, entry.Kind, new CallId(IdFactory.Derive(id, entry.Key)), entry.Seq, entry.Parents, entry.Value is not null)).ToList();
        _plan = new ReplayPlan
        {
            Source = id,
            From = from,
            Steps = new ReplayPlanner(calls).Plan(from, outputs.Keys.ToHashSet(), new HashSet<string>()),
            FlowInputs = inputs,
            InputsDiffer = inputs.Length > 0 || source._plan is { InputsDiffer: true },
            Root = source._plan?.Root ?? id,
            ClockStart = source._plan?.ClockStart ?? source.Execution.StartedAt!.Value,
            IsStrict = inputs.Length == 0 && source._plan is null,
        };
        Execution = Execution with { Id = new ExecutionId(Guid.CreateVersion7()), OriginalId = id, Seed = source.Execution.Seed };
        foreach (var step in _plan.Steps.Where(step => step.Action != ReplayAction.Run))
        {
            if (source._waits.TryGetValue(step.Key, out var wait))
                _waits[step.Key] = wait;
            var entry = source._journal.Single(entry => entry.Key == step.Key) with { OriginalCallId = step.CallId };
            _journal.Add(outputs.TryGetValue(step.Key, out var json)
                ? entry with { Fingerprint = null, Value = StoredValue.Of(entry.Value!.MediaType, entry.Value.TypeName, System.Text.Encoding.UTF8.GetBytes(json)) }
                : entry);
        }
    }

    /// <summary>What this replay means to do with each recorded call.</summary>
    public ReplayPlan Plan => _plan.ShouldNotBeNull();

    public void Answer(string name, string json) => _waits[name] = _waits[name] with
    {
        Status = WaitStatus.Answered,
        Answer = StoredValue.Of(StoredValue.Json, "answer", System.Text.Encoding.UTF8.GetBytes(json)),
        ResolvedAt = _clock.GetUtcNow(),
        ResolvedBy = "tester",
    };

    public void Abort(string name) => _waits[name] = _waits[name] with
    {
        Status = WaitStatus.Aborted,
        ResolvedAt = _clock.GetUtcNow(),
        ResolvedBy = "tester",
    };

    public LeaseSignal Signal() => new(Execution.Id, Lost: false, Cancelled: false, [.. _waits.Values.Where(wait => wait.Status != WaitStatus.Pending)]);

    IExecutions IControlPlane.Executions => throw new NotSupportedException();

    IStatistics IControlPlane.Statistics => throw new NotSupportedException();

    IReplays IControlPlane.Replays => throw new NotSupportedException();

    IWaits IControlPlane.Waits => throw new NotSupportedException();

    IArtifacts IControlPlane.Artifacts => this;

    ILogs IControlPlane.Logs => this;

    ISnapshots IControlPlane.Snapshots => throw new NotSupportedException();

    IWorkers IControlPlane.Workers => throw new NotSupportedException();

    ITransfers IControlPlane.Transfers => throw new NotSupportedException();

    IDeployments IControlPlane.Deployments => throw new NotSupportedException();

    ISecrets IControlPlane.Secrets => throw new NotSupportedException();

    IRetention IControlPlane.Retention => throw new NotSupportedException();

    IStacks IControlPlane.Stacks => throw new NotSupportedException();

    IIdempotency IControlPlane.Idempotency => throw new NotSupportedException();

    IControlPlane IControlPlane.Under(IdempotentRequest request) => throw new NotSupportedException();

    IJournal IControlPlane.Journal => this;

    /// <summary>The next append fails as a store does that does not answer.</summary>
    public bool FailNextAppend { get; set; }

    public Task AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken = default)
    {
        if (!FailNextAppend)
            return Append(lease, entry);
        FailNextAppend = false;
        return Task.FromException(new KitaruBackendException("The store did not answer."));
    }

    private Task Append(Lease lease, JournalEntry entry) => Fenced(lease, () =>
    {
        if (entry.ReplacesReused)
            _journal.RemoveAll(other => other.Key == entry.Key && other.OriginalCallId is not null);
        _journal.Any(other => other.Key == entry.Key || other.Seq >= entry.Seq).ShouldBeFalse($"'{entry.Key}' was committed twice or out of order");
        _journal.Add(entry);
    });

    public Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken = default) => Task.FromResult<CachedResult?>(null);

    public Task AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken = default) =>
        Fenced(lease, () => _attempts.Add(attempt));

    public Task<WaitRecord> OpenWaitAsync(Lease lease, NewWait wait, CancellationToken cancellationToken = default)
    {
        if (lease.Epoch != _epoch)
            return Task.FromException<WaitRecord>(new KitaruLeaseLostException(lease.ExecutionId));
        if (wait.ReplacesReused)
        {
            _waits.Remove(wait.Name);
            _journal.RemoveAll(entry => entry.Key == wait.Name && entry.OriginalCallId is not null);
        }
        _waits.TryAdd(wait.Name, new WaitRecord
        {
            Id = new WaitId(IdFactory.Derive(lease.ExecutionId, "wait:" + wait.Name)),
            ExecutionId = lease.ExecutionId,
            Name = wait.Name,
            Question = wait.Question,
            Schema = wait.Schema,
            EnteredAt = wait.EnteredAt,
        });
        return Task.FromResult(_waits[wait.Name]);
    }

    public Task AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken = default) => Fenced(lease, () => { });

    public Task ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken = default) => Fenced(lease, () =>
    {
        Released = release;
        _epoch++;
        Execution = Execution with { Status = release.Status, RetriesUsed = release.RetriesUsed ?? Execution.RetriesUsed };
        foreach (var entry in _journal.Where(entry => release.Forget.Contains(entry.Key)).ToArray())
        {
            _journal.Remove(entry);
            _attempts.Add(new AttemptRecord(entry.Key, entry.Name, entry.Attempt, Interrupted: false, entry.StartedAt, entry.EndedAt, entry.Failure, null));
        }
    });

    public Task FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken = default) => Fenced(lease, () =>
    {
        Outcome.ShouldBeNull("an execution ended twice");
        Outcome = outcome;
        _epoch++;
    });

    Task ILogs.AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        Lines.AddRange(entries);
        return Task.CompletedTask;
    }

    Task<IReadOnlyList<LogEntry>> ILogs.ReadAsync(LogQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<ArtifactRecord> IArtifacts.GetAsync(ArtifactId id, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<byte[]> IArtifacts.ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<byte[]> IArtifacts.ReadAllAsync(StoredValue value, CancellationToken cancellationToken) => Task.FromResult(value.Inline!);

    Task<StoredValue> IArtifacts.StoreAsync(StoredValue value, CancellationToken cancellationToken) => Task.FromResult(value);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Task Fenced(Lease lease, Action write)
    {
        if (lease.Epoch != _epoch)
            return Task.FromException(new KitaruLeaseLostException(lease.ExecutionId));
        write();
        return Task.CompletedTask;
    }
}
