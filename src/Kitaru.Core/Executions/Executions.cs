using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru
{
    /// <summary>Where an execution stands. Public words: queued, running and sleeping read as <c>running</c> (contract/mcp-page.md).</summary>
    public enum ExecutionStatus
    {
        /// <summary>Stored; no worker has taken it yet, or it is ready to go on.</summary>
        Queued,

        /// <summary>A worker runs it.</summary>
        Running,

        /// <summary>A durable sleep; no process is held.</summary>
        Sleeping,

        /// <summary>At least one wait is pending.</summary>
        Waiting,

        /// <summary>The flow returned.</summary>
        Completed,

        /// <summary>The flow threw, or could not go on.</summary>
        Failed,

        /// <summary>It was cancelled; nothing more is recorded.</summary>
        Cancelled,
    }
}

namespace Kitaru.Core
{
    /// <summary>What is needed to store a new execution.</summary>
    public sealed record NewExecution
    {
        /// <summary>Its id, made by the caller.</summary>
        public required ExecutionId Id { get; init; }

        /// <summary>The flow's name in snake_case.</summary>
        public required string FlowName { get; init; }

        /// <summary>The code it runs, for as long as it lives.</summary>
        public required SnapshotId Snapshot { get; init; }

        /// <summary>What the caller wrote, for example <c>flows/Research.cs:research_agent</c>.</summary>
        public string? Target { get; init; }

        /// <summary>The target with its path made absolute, from which its present code can be built; null for a program's own flow.</summary>
        public string? Source { get; init; }

        /// <summary>The inputs: a JSON object keyed by the C# parameters' names.</summary>
        public required StoredValue Inputs { get; init; }

        /// <summary>The stack it runs on.</summary>
        public string StackName { get; init; } = StackRecord.DefaultName;

        /// <summary>What its worker is given besides the code.</summary>
        public WorkerEnvironment Environment { get; init; } = WorkerEnvironment.Plain;

        /// <summary>The deployment it was invoked from.</summary>
        public DeploymentReference? Deployment { get; init; }

        /// <summary>How often the whole flow is tried again after a failure.</summary>
        public int Retries { get; init; }

        /// <summary>A second create with the same key returns the first execution; with other inputs it is refused.</summary>
        public string? IdempotencyKey { get; init; }

        /// <summary>The execution this one replays.</summary>
        public ExecutionId? OriginalId { get; init; }

        /// <summary>The seed of its recorded ids and random numbers.</summary>
        public long Seed { get; init; }

        /// <summary>The W3C trace context it was created in, so that its runs hang below that; null for a trace of its own.</summary>
        public string? TraceParent { get; init; }

        /// <summary>The frozen execution spec (runtime.md 1.8).</summary>
        public JsonObject? Spec { get; init; }

        /// <summary>Free labels.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];

        /// <summary>Metadata it has from the first moment on.</summary>
        public JsonObject? Metadata { get; init; }

        /// <summary>The worker that holds it from the first moment on; null for whoever claims it. Only next to the store: no request carries it, and a server in between leaves it for a claim.</summary>
        [JsonIgnore]
        public WorkerId? TakenBy { get; init; }
    }

    /// <summary>Which deployment an execution came from.</summary>
    /// <param name="Id">The deployment's id.</param>
    /// <param name="Version">Its number among those of the flow.</param>
    public sealed record DeploymentReference(DeploymentId Id, int Version);

    /// <summary>One execution as stored.</summary>
    public sealed record ExecutionRecord
    {
        /// <summary>Its id.</summary>
        public required ExecutionId Id { get; init; }

        /// <summary>The id of its flow.</summary>
        public required FlowId FlowId { get; init; }

        /// <summary>The name of its flow.</summary>
        public required string FlowName { get; init; }

        /// <summary>Where it stands.</summary>
        public required ExecutionStatus Status { get; init; }

        /// <summary>Why it stands there, in words.</summary>
        public string? StatusReason { get; init; }

        /// <summary>The code it runs.</summary>
        public required SnapshotId Snapshot { get; init; }

        /// <summary>What the caller wrote to start it.</summary>
        public string? Target { get; init; }

        /// <summary>The target with its path made absolute, from which its present code can be built; null for a program's own flow.</summary>
        public string? Source { get; init; }

        /// <summary>Its inputs, a JSON object.</summary>
        public required StoredValue Inputs { get; init; }

        /// <summary>What the flow returned; null until it completed, or when it returns nothing.</summary>
        public StoredValue? Result { get; init; }

        /// <summary>Why it failed.</summary>
        public Failure? Failure { get; init; }

        /// <summary>Metadata set in the flow body.</summary>
        public JsonObject Metadata { get; init; } = [];

        /// <summary>The frozen execution spec.</summary>
        public JsonObject? Spec { get; init; }

        /// <summary>Whether its checkpoints reuse results of other executions; null when each decides for itself.</summary>
        public bool? Cache => SpecJson.CacheOf(Spec);

        /// <summary>Free labels.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];

        /// <summary>The stack it runs on.</summary>
        public required string StackName { get; init; }

        /// <summary>The environment it runs in.</summary>
        public EnvironmentId Environment { get; init; } = EnvironmentId.Plain;

        /// <summary>The deployment it was invoked from; that may be deleted by now.</summary>
        public DeploymentReference? Deployment { get; init; }

        /// <summary>When it was stored.</summary>
        public required DateTimeOffset CreatedAt { get; init; }

        /// <summary>When a worker first took it.</summary>
        public DateTimeOffset? StartedAt { get; init; }

        /// <summary>When it ended.</summary>
        public DateTimeOffset? EndedAt { get; init; }

        /// <summary>When it can go on by itself: its place in the queue or the end of its sleep. Null while held or waiting.</summary>
        public DateTimeOffset? RunnableAt { get; init; }

        /// <summary>The execution this one replays.</summary>
        public ExecutionId? OriginalId { get; init; }

        /// <summary>The seed of its recorded ids and random numbers.</summary>
        public long Seed { get; init; }

        /// <summary>The W3C trace context it was created in, so that its runs hang below that; null for a trace of its own.</summary>
        public string? TraceParent { get; init; }

        /// <summary>How often the whole flow is tried again after a failure.</summary>
        public int Retries { get; init; }

        /// <summary>How many whole-flow retries were used; counted anew after each <see cref="Reopened"/>.</summary>
        public int RetriesUsed { get; init; }

        /// <summary>How often it was retried by hand after it had failed.</summary>
        public int Reopened { get; init; }

        /// <summary>Counts up with every claim, release, cancel and takeover; a writer with an older one is fenced.</summary>
        public long Epoch { get; init; }

        /// <summary>Who holds it, or null.</summary>
        public WorkerId? Owner { get; init; }

        /// <summary>How often it was taken over from a worker that died.</summary>
        public int Takeovers { get; init; }

        /// <summary>How many calls it has: finished and running ones.</summary>
        public int CheckpointCount { get; init; }

        /// <summary>How many artifacts it has.</summary>
        public int ArtifactCount { get; init; }

        /// <summary>Its pending waits, oldest first.</summary>
        public IReadOnlyList<WaitRecord> PendingWaits { get; init; } = [];
    }

    /// <summary>One execution with everything that hangs on it.</summary>
    /// <param name="Execution">The execution.</param>
    /// <param name="Calls">Its checkpoint calls in the order they were started.</param>
    /// <param name="Artifacts">Its artifacts in the order they were stored.</param>
    /// <param name="Waits">All its waits, oldest first, answered ones included.</param>
    /// <param name="Replay">How it replays another execution; null when it does not.</param>
    public sealed record ExecutionDetail(
        ExecutionRecord Execution,
        IReadOnlyList<CallRecord> Calls,
        IReadOnlyList<ArtifactRecord> Artifacts,
        IReadOnlyList<WaitRecord> Waits,
        ReplayPlan? Replay = null);

    /// <summary>Which executions to list; all filters must hold. Newest first.</summary>
    public sealed record ExecutionQuery
    {
        /// <summary>Public statuses: queued, running and sleeping are one.</summary>
        public IReadOnlyList<ExecutionStatus> Statuses { get; init; } = [];

        /// <summary>The flow's exact name.</summary>
        public string? Flow { get; init; }

        /// <summary>The stack's exact name.</summary>
        public string? Stack { get; init; }

        /// <summary>All of these tags.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];

        /// <summary>Created at or after.</summary>
        public DateTimeOffset? Since { get; init; }

        /// <summary>Created before.</summary>
        public DateTimeOffset? Until { get; init; }

        /// <summary>Replays of this execution.</summary>
        public ExecutionId? OriginalId { get; init; }

        /// <summary>Invoked from this deployment, deleted or not.</summary>
        public DeploymentId? Deployment { get; init; }

        /// <summary>How many at most, 1 to 1000.</summary>
        public int Limit { get; init; } = 20;

        /// <summary>Continue after the page that answered this cursor.</summary>
        public string? Cursor { get; init; }
    }

    /// <summary>One page of a list.</summary>
    /// <param name="Items">The rows of this page.</param>
    /// <param name="Total">How many rows match in all.</param>
    /// <param name="NextCursor">Where the next page starts, or null at the end.</param>
    public sealed record Page<T>(IReadOnlyList<T> Items, long Total, string? NextCursor);

    /// <summary>Executions: created, read and steered by clients.</summary>
    public interface IExecutions
    {
        /// <summary>Stores an execution, ready to be claimed. Same idempotency key: the first one is returned.</summary>
        /// <exception cref="KitaruStateException">The key was used for another flow or other inputs.</exception>
        Task<ExecutionRecord> CreateAsync(NewExecution execution, CancellationToken cancellationToken = default);

        /// <summary>The execution without calls and artifacts, or null.</summary>
        Task<ExecutionRecord?> FindAsync(ExecutionId id, CancellationToken cancellationToken = default);

        /// <summary>The execution with everything that hangs on it.</summary>
        /// <exception cref="KitaruNotFoundException">There is none.</exception>
        Task<ExecutionDetail> GetAsync(ExecutionId id, CancellationToken cancellationToken = default);

        /// <summary>A page of executions, newest first, counts filled.</summary>
        Task<Page<ExecutionRecord>> ListAsync(ExecutionQuery query, CancellationToken cancellationToken = default);

        /// <summary>Ends an execution as cancelled at once and fences its worker. Cancelled already: returned unchanged.</summary>
        /// <param name="id">The execution.</param>
        /// <param name="by">Who asks, for the record.</param>
        /// <param name="cancellationToken">Stops waiting for the store.</param>
        /// <exception cref="KitaruStateException">It is completed or failed.</exception>
        Task<ExecutionRecord> CancelAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default);

        /// <summary>
        /// Re-opens a failed execution under the same id: finished calls keep their records, the ones that made it fail run again.
        /// </summary>
        /// <param name="id">The execution.</param>
        /// <param name="code">The code to go on with; null for the code it has.</param>
        /// <param name="by">Who asks, for the record.</param>
        /// <param name="cancellationToken">Stops waiting for the store.</param>
        /// <exception cref="KitaruStateException">It is not failed.</exception>
        Task<ExecutionRecord> RetryAsync(ExecutionId id, SnapshotId? code, string by, CancellationToken cancellationToken = default);

        /// <summary>Makes an execution that waits for nothing runnable now; returns whether there was anything to do.</summary>
        /// <param name="id">The execution.</param>
        /// <param name="by">Who asks, for the record.</param>
        /// <param name="cancellationToken">Stops waiting for the store.</param>
        /// <exception cref="KitaruStateException">A wait is pending, or the execution ended.</exception>
        Task<bool> ResumeAsync(ExecutionId id, string? by = null, CancellationToken cancellationToken = default);

        /// <summary>
        /// Adds and removes labels, whatever the status; those that are there already, or not there, change nothing. Returns the execution as it is then.
        /// </summary>
        /// <exception cref="KitaruUsageException">A label is no label, one is to be added and removed, or there would be too many.</exception>
        /// <exception cref="KitaruNotFoundException">There is no such execution.</exception>
        Task<ExecutionRecord> TagAsync(
            ExecutionId id, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken = default);

        /// <summary>Where the execution stands, in words, with evidence and the calls that make sense now.</summary>
        /// <exception cref="KitaruNotFoundException">There is none.</exception>
        Task<Explanation> ExplainAsync(ExecutionId id, CancellationToken cancellationToken = default);

        /// <summary>
        /// Returns when something in the store may have changed since <paramref name="seen"/>, with the new mark. Start with 0.
        /// Changes may be reported late (by the poll interval) or twice, never lost.
        /// </summary>
        Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken = default);
    }
}
