using Kitaru.Core;

namespace Kitaru.Engine.Check;

/// <summary>What a run sees that must leave no trace: it reads values from the store, and whatever it would write only says how far it came.</summary>
internal sealed class CheckControlPlane(IControlPlane store) : IControlPlane, IJournal, ILogs, IArtifacts
{
    /// <summary>How the run would have ended the execution, or null.</summary>
    public Outcome? Outcome { get; private set; }

    /// <summary>How the run would have let go of it, or null.</summary>
    public Release? Release { get; private set; }

    /// <summary>It came behind the last record and would have added one.</summary>
    public bool WouldRecord { get; private set; }

    public IJournal Journal => this;

    public ILogs Logs => this;

    public IArtifacts Artifacts => this;

    public IExecutions Executions => throw Refused();

    public IStatistics Statistics => throw Refused();

    public IReplays Replays => throw Refused();

    public IWaits Waits => throw Refused();

    public ISnapshots Snapshots => throw Refused();

    public IDeployments Deployments => throw Refused();

    public IWorkers Workers => throw Refused();

    public IRetention Retention => throw Refused();

    public IStacks Stacks => throw Refused();

    public IIdempotency Idempotency => throw Refused();

    public ITransfers Transfers => throw Refused();

    /// <summary>Read as on every run.</summary>
    public ISecrets Secrets => store.Secrets;

    public IControlPlane Under(IdempotentRequest request) => throw Refused();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken = default)
    {
        WouldRecord = true;
        return Task.FromException(Refused());
    }

    /// <summary>What is not recorded here is new, whoever else has computed it.</summary>
    public Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken = default) => Task.FromResult<CachedResult?>(null);

    public Task AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken = default) => Task.FromException(Refused());

    /// <summary>Nobody answers it here.</summary>
    public Task<WaitRecord> OpenWaitAsync(Lease lease, NewWait wait, CancellationToken cancellationToken = default) => Task.FromResult(new WaitRecord
    {
        Id = default,
        ExecutionId = lease.ExecutionId,
        Name = wait.Name,
        Question = wait.Question,
        Schema = wait.Schema,
        EnteredAt = wait.EnteredAt,
    });

    public Task AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken = default)
    {
        Release = release;
        return Task.CompletedTask;
    }

    public Task FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken = default)
    {
        Outcome = outcome;
        return Task.CompletedTask;
    }

    public Task AppendAsync(ExecutionId id, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task<IReadOnlyList<LogEntry>> ReadAsync(LogQuery query, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<LogEntry>>([]);

    public Task<ArtifactRecord> GetAsync(ArtifactId id, CancellationToken cancellationToken = default) => store.Artifacts.GetAsync(id, cancellationToken);

    public Task<byte[]> ReadAsync(StoredValue value, long offset, int count, CancellationToken cancellationToken = default) =>
        store.Artifacts.ReadAsync(value, offset, count, cancellationToken);

    public Task<byte[]> ReadAllAsync(StoredValue value, CancellationToken cancellationToken = default) => store.Artifacts.ReadAllAsync(value, cancellationToken);

    public Task<StoredValue> StoreAsync(StoredValue value, CancellationToken cancellationToken = default) => Task.FromResult(value);

    private static KitaruBackendException Refused() => new("A check of code against a journal stores nothing.");
}
