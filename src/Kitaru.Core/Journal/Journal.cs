using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What a journal entry records.</summary>
public enum JournalKind
{
    /// <summary>A checkpoint's outcome.</summary>
    Checkpoint,

    /// <summary>A wait's answer or abort, as the flow saw it.</summary>
    Wait,

    /// <summary>The end of a durable sleep.</summary>
    Sleep,
}

/// <summary>How a recorded call ended.</summary>
public enum JournalStatus
{
    /// <summary>With a value.</summary>
    Completed,

    /// <summary>With a failure, after all its retries.</summary>
    Failed,

    /// <summary>A wait that was aborted.</summary>
    Aborted,
}

/// <summary>
/// One completion the flow body saw. <see cref="Seq"/> orders them: live and on every re-run they are delivered one at a
/// time in this order.
/// </summary>
public sealed record JournalEntry
{
    /// <summary>Its place in the order, from 1; gaps are legal.</summary>
    public required long Seq { get; init; }

    /// <summary>What it records.</summary>
    public required JournalKind Kind { get; init; }

    /// <summary>The call's identity within the execution: name and ordinal (<c>gather_notes_2</c>), or an explicit key.</summary>
    public required string Key { get; init; }

    /// <summary>The call's name without ordinal.</summary>
    public required string Name { get; init; }

    /// <summary>How it ended.</summary>
    public required JournalStatus Status { get; init; }

    /// <summary>Free label of a checkpoint, for example <c>llm_call</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Keyed hash of the arguments; checked on a re-run, never used to find a record.</summary>
    public byte[]? Fingerprint { get; init; }

    /// <summary>The arguments as a JSON object when they are small, for the divergence report.</summary>
    public StoredValue? Arguments { get; init; }

    /// <summary>The value, or null when it failed or returns nothing.</summary>
    public StoredValue? Value { get; init; }

    /// <summary>Under what other executions may find this result, a SHA-256; null when they may not.</summary>
    public byte[]? CacheKey { get; init; }

    /// <summary>The call of this or another execution whose result this one took from the cache.</summary>
    public CallId? CachedCallId { get; init; }

    /// <summary>Why it failed.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Metadata set inside the checkpoint.</summary>
    public JsonObject? Metadata { get; init; }

    /// <summary>Keys of the calls, waits and sleeps whose completions this one followed on.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The call of another execution that this record was taken over from by a replay; null for what ran here.</summary>
    public CallId? OriginalCallId { get; init; }

    /// <summary>This outcome takes the place of a record that a replay had taken over.</summary>
    public bool ReplacesReused { get; init; }

    /// <summary>When the call was made.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Which attempt this outcome is of, from 1; earlier ones are attempt records.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Artifacts saved inside the checkpoint; stored in the same transaction.</summary>
    public IReadOnlyList<NewArtifact> Artifacts { get; init; } = [];

    /// <summary>The execution's metadata when the flow body changed it; stored in the same transaction.</summary>
    public JsonObject? ExecutionMetadata { get; init; }
}

/// <summary>An attempt that did not end its call: it failed with retries left, or died with its worker.</summary>
/// <param name="Key">The call's key.</param>
/// <param name="Name">The call's name.</param>
/// <param name="Attempt">Counts from 1 over failed and interrupted attempts together.</param>
/// <param name="Interrupted">It died with its worker; such an attempt does not count against the retries.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it failed, or was found dead.</param>
/// <param name="Failure">Why.</param>
/// <param name="Metadata">Metadata set before it failed.</param>
public sealed record AttemptRecord(
    string Key, string Name, int Attempt, bool Interrupted, DateTimeOffset StartedAt, DateTimeOffset EndedAt,
    Failure? Failure, JsonObject? Metadata);

/// <summary>A checkpoint call that is being executed right now.</summary>
/// <param name="Key">The call's key.</param>
/// <param name="Name">The call's name.</param>
/// <param name="Type">Its type label.</param>
/// <param name="Attempt">Which attempt.</param>
/// <param name="StartedAt">When it began.</param>
public sealed record RunningCall(string Key, string Name, string? Type, int Attempt, DateTimeOffset StartedAt);

/// <summary>A checkpoint call as clients see it (runtime.md 1.2): recorded, or still running.</summary>
public sealed record CallRecord
{
    /// <summary>Its id.</summary>
    public required CallId Id { get; init; }

    /// <summary>The invocation name: key of the call.</summary>
    public required string Name { get; init; }

    /// <summary>Its place among the recorded completions; null when it has none yet.</summary>
    public long? Seq { get; init; }

    /// <summary>Type label.</summary>
    public string? Type { get; init; }

    /// <summary>Running, Completed or Failed.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>When it was first called.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its metadata.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>The call this one reuses.</summary>
    public CallId? OriginalCallId { get; init; }

    /// <summary>The call whose result this one took from the cache.</summary>
    public CallId? CachedCallId { get; init; }

    /// <summary>Ids of the calls it followed on.</summary>
    public IReadOnlyList<CallId> Parents { get; init; } = [];

    /// <summary>Failure of the last attempt.</summary>
    public Failure? Failure { get; init; }

    /// <summary>All attempts, oldest first.</summary>
    public IReadOnlyList<CallAttempt> Attempts { get; init; } = [];

    /// <summary>Its artifacts: what was saved inside it, then its output.</summary>
    public IReadOnlyList<ArtifactRecord> Artifacts { get; init; } = [];
}

/// <summary>One attempt of a call as clients see it (runtime.md 1.3).</summary>
public sealed record CallAttempt(
    Guid Id, ExecutionStatus Status, bool Interrupted, DateTimeOffset StartedAt, DateTimeOffset? EndedAt,
    JsonObject Metadata, Failure? Failure);

/// <summary>A checkpoint's result that another execution may reuse.</summary>
/// <param name="ExecutionId">Who recorded it.</param>
/// <param name="CallId">The call.</param>
/// <param name="Value">Its value, or null when it returns nothing.</param>
/// <param name="Metadata">Its metadata.</param>
/// <param name="Artifacts">What was saved inside it.</param>
public sealed record CachedResult(
    ExecutionId ExecutionId, CallId CallId, StoredValue? Value, JsonObject? Metadata, IReadOnlyList<NewArtifact> Artifacts);

/// <summary>How a worker leaves an execution it does not end.</summary>
/// <param name="Status">Queued (hand over), Sleeping or Waiting.</param>
/// <param name="Reason">In words.</param>
/// <param name="RunnableAt">When it can go on without an answer; null for a plain wait.</param>
/// <param name="RetriesUsed">Set when a whole-flow retry begins.</param>
public sealed record Release(ExecutionStatus Status, string? Reason, DateTimeOffset? RunnableAt, int? RetriesUsed = null)
{
    /// <summary>Keys of failed calls to forget, so that a whole-flow retry runs them again; they stay as attempts.</summary>
    public IReadOnlyList<string> Forget { get; init; } = [];

    /// <summary>The execution's metadata when the flow body changed it.</summary>
    public JsonObject? ExecutionMetadata { get; init; }

    /// <summary>Names of the waits the flow waits for; other waits do not count for where the execution then stands. Null for all.</summary>
    public IReadOnlyList<string>? Waits { get; init; }
}

/// <summary>How an execution ended.</summary>
/// <param name="Status">Completed, Failed or Cancelled.</param>
/// <param name="Reason">In words, or null.</param>
/// <param name="Result">What the flow returned.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Metadata">The execution's metadata as the flow left it, or null when the flow set none.</param>
public sealed record Outcome(ExecutionStatus Status, string? Reason, StoredValue? Result, Failure? Failure, JsonObject? Metadata);

/// <summary>What the flow asks for.</summary>
public sealed record NewWait(string Name, string? Question, JsonObject? Schema, JsonObject? Metadata, DateTimeOffset EnteredAt)
{
    /// <summary>A replay had taken over the answer to another question under this name: that is dropped, and this one is asked.</summary>
    public bool ReplacesReused { get; init; }
}

/// <summary>
/// What the holder of a lease writes. Every call throws <see cref="KitaruLeaseLostException"/> when the lease is lost,
/// and then nothing was written. Any other exception means the outcome is unknown: the caller gives the execution up
/// and re-reads it after a new claim.
/// </summary>
public interface IJournal
{
    /// <summary>Commits one completion; durable when it returns.</summary>
    Task AppendAsync(Lease lease, JournalEntry entry, CancellationToken cancellationToken = default);

    /// <summary>The newest result that was recorded under a cache key, with what was saved beside it; null when there is none.</summary>
    Task<CachedResult?> FindCachedAsync(byte[] key, CancellationToken cancellationToken = default);

    /// <summary>Commits an attempt that did not end its call.</summary>
    Task AppendAttemptAsync(Lease lease, AttemptRecord attempt, CancellationToken cancellationToken = default);

    /// <summary>Makes a wait visible; one with this name that exists already is returned as it stands.</summary>
    Task<WaitRecord> OpenWaitAsync(Lease lease, NewWait wait, CancellationToken cancellationToken = default);

    /// <summary>Replaces the list of calls that run right now; what is listed when a worker dies is recorded as interrupted.</summary>
    Task AnnounceAsync(Lease lease, IReadOnlyList<RunningCall> calls, CancellationToken cancellationToken = default);

    /// <summary>Lets go without ending. An answer that came meanwhile makes the execution runnable at once.</summary>
    Task ReleaseAsync(Lease lease, Release release, CancellationToken cancellationToken = default);

    /// <summary>Ends the execution.</summary>
    Task FinishAsync(Lease lease, Outcome outcome, CancellationToken cancellationToken = default);
}
