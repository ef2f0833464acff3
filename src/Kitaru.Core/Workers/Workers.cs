namespace Kitaru.Core;

/// <summary>A worker's time-limited, fenced right to run one execution.</summary>
/// <param name="ExecutionId">The execution.</param>
/// <param name="Owner">Who holds it.</param>
/// <param name="Epoch">Every write checks it.</param>
public sealed record Lease(ExecutionId ExecutionId, WorkerId Owner, long Epoch);

/// <summary>A process that runs executions.</summary>
public sealed record WorkerRecord
{
    /// <summary>Its id.</summary>
    public required WorkerId Id { get; init; }

    /// <summary>The code it has loaded.</summary>
    public required SnapshotId Snapshot { get; init; }

    /// <summary>The environment it was started in.</summary>
    public EnvironmentId Environment { get; init; } = EnvironmentId.Plain;

    /// <summary>Its process, by which others on the same machine can tell that it died.</summary>
    public required ProcessIdentity Process { get; init; }

    /// <summary>When it registered.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>It takes nothing more: what it has is finished or handed over, and another is to be started in its place.</summary>
    public bool IsRetiring { get; init; }

    /// <summary>When it was last heard of; filled where workers are listed.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>The file its raw standard output and error go to, or null.</summary>
    public string? OutputPath { get; init; }
}

/// <summary>A process beyond the reuse of its number.</summary>
/// <param name="Machine">The machine's id, with the boot's id where there is one.</param>
/// <param name="ProcessId">The number the system gave it.</param>
/// <param name="StartedAtTicks">When it started, in the system's own ticks.</param>
public sealed record ProcessIdentity(string Machine, int ProcessId, long StartedAtTicks);

/// <summary>An execution a worker has just been given, with everything needed to go on.</summary>
/// <param name="Lease">The right to run it.</param>
/// <param name="Execution">The execution.</param>
/// <param name="Journal">Its journal in order.</param>
/// <param name="Attempts">Attempts of calls that have not ended.</param>
/// <param name="Waits">All its waits.</param>
/// <param name="Replay">How it replays another execution; null when it does not.</param>
public sealed record ClaimedExecution(
    Lease Lease,
    ExecutionRecord Execution,
    IReadOnlyList<JournalEntry> Journal,
    IReadOnlyList<AttemptRecord> Attempts,
    IReadOnlyList<WaitRecord> Waits,
    ReplayPlan? Replay = null);

/// <summary>What a worker must know of an execution it holds.</summary>
/// <param name="ExecutionId">The execution.</param>
/// <param name="Lost">Its lease is gone: stop.</param>
/// <param name="Cancelled">It is gone because the execution was cancelled.</param>
/// <param name="Resolved">Its waits that were answered or aborted, in the order that happened.</param>
public sealed record LeaseSignal(ExecutionId ExecutionId, bool Lost, bool Cancelled, IReadOnlyList<WaitRecord> Resolved);

/// <summary>Workers: registration, claims, leases.</summary>
public interface IWorkers
{
    /// <summary>How long a lease holds without renewal.</summary>
    TimeSpan LeaseDuration { get; }

    /// <summary>Makes a worker known, or says anew how it stands.</summary>
    Task RegisterAsync(WorkerRecord worker, CancellationToken cancellationToken = default);

    /// <summary>Forgets a worker; whatever it still held becomes runnable at once.</summary>
    Task DeregisterAsync(WorkerId id, CancellationToken cancellationToken = default);

    /// <summary>Known workers.</summary>
    Task<IReadOnlyList<WorkerRecord>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>What is in an environment.</summary>
    /// <exception cref="KitaruNotFoundException">No execution was ever stored with it.</exception>
    Task<WorkerEnvironment> GetEnvironmentAsync(EnvironmentId id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes up to <paramref name="max"/> runnable executions of this kind, oldest first; of <paramref name="flows"/> only, when it is given. The worker says its kind itself:
    /// one that was forgotten takes nothing else.
    /// </summary>
    Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(WorkerId id, WorkerKind kind, int max, FlowFilter? flows = null, CancellationToken cancellationToken = default);

    /// <summary>Takes this execution if it is runnable and of this kind, else null.</summary>
    Task<ClaimedExecution?> ClaimOneAsync(WorkerId id, WorkerKind kind, ExecutionId execution, CancellationToken cancellationToken = default);

    /// <summary>What a worker would be given to go on with an execution, without taking it; null when there is none. The lease in it is nobody's.</summary>
    Task<ClaimedExecution?> PeekAsync(ExecutionId execution, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that this worker lives, and renews the leases it knows it has. Others in its name run out: a claim whose answer never
    /// arrived is run by nobody.
    /// </summary>
    Task RenewAsync(WorkerId id, IReadOnlyList<Lease> held, CancellationToken cancellationToken = default);

    /// <summary>One signal for each given lease that needs attention; the others are left out.</summary>
    Task<IReadOnlyList<LeaseSignal>> ReadSignalsAsync(IReadOnlyList<Lease> leases, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes executions away from workers whose lease ran out, whose process is known dead here, or that the caller knows to be dead, having started them on a machine
    /// of its own; they become runnable. Returns the workers found dead, so that their last output can be read.
    /// </summary>
    Task<IReadOnlyList<WorkerRecord>> ReapAsync(IReadOnlyList<WorkerId>? dead = null, CancellationToken cancellationToken = default);

    /// <summary>Workers for which something is runnable now, and when the next sleeper wakes if nothing is.</summary>
    Task<RunnableWork> FindRunnableAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="IExecutions.WaitForChangeAsync"/>, of what a worker may act on: an execution to take, an answer, a cancel. What is only stored or ended need not
    /// wake it. The marks of the two are not each other's.
    /// </summary>
    Task<long> WaitForWorkAsync(long seen, CancellationToken cancellationToken = default);
}

/// <summary>Which executions a worker may run: those of one snapshot in one environment.</summary>
/// <param name="Snapshot">The code.</param>
/// <param name="Environment">The environment.</param>
public readonly record struct WorkerKind(SnapshotId Snapshot, EnvironmentId Environment)
{
    /// <summary>Code in the plain environment.</summary>
    public static implicit operator WorkerKind(SnapshotId snapshot) => new(snapshot, EnvironmentId.Plain);
}

/// <summary>Which flows a claim may take, by name.</summary>
/// <param name="Names">The flows.</param>
/// <param name="AreExcluded">All but these.</param>
public sealed record FlowFilter(IReadOnlyList<string> Names, bool AreExcluded)
{
    /// <summary>This flow only.</summary>
    public static FlowFilter Only(string name) => new([name], AreExcluded: false);

    /// <summary>All but these.</summary>
    public static FlowFilter AllBut(IReadOnlyList<string> names) => new(names, AreExcluded: true);
}

/// <summary>What could run.</summary>
/// <param name="Kinds">Workers for which something is runnable, with how many executions.</param>
/// <param name="NextAt">When the next sleeping execution becomes runnable, or null.</param>
public sealed record RunnableWork(IReadOnlyDictionary<WorkerKind, int> Kinds, DateTimeOffset? NextAt);
