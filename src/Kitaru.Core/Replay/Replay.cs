using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>What a replay does with a recorded call, wait or sleep.</summary>
public enum ReplayAction
{
    /// <summary>Its record is taken over: nothing runs, the flow sees the recorded outcome.</summary>
    Reused,

    /// <summary>It does not run; the flow sees the value the caller gave.</summary>
    Overridden,

    /// <summary>It runs again: a checkpoint is executed, a wait asks again, a sleep sleeps.</summary>
    Run,
}

/// <summary>One line of a replay's plan.</summary>
/// <param name="Key">The call's invocation name in both executions.</param>
/// <param name="Kind">Checkpoint, wait or sleep.</param>
/// <param name="CallId">The id of the call in the execution that is replayed.</param>
/// <param name="Seq">Its place in the recorded order, or null when it has no record there.</param>
/// <param name="Action">What happens.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record ReplayStep(string Key, JournalKind Kind, CallId CallId, long? Seq, ReplayAction Action, string Reason);

/// <summary>What is to be replayed, and what is to be different (runtime.md 6.1).</summary>
public sealed record ReplayRequest
{
    /// <summary>The argument that names <see cref="From"/>, as errors say it in their details.</summary>
    public const string FromArgument = "from_";

    /// <summary>The execution to replay; it is never changed.</summary>
    public required ExecutionId Source { get; init; }

    /// <summary>Where to start: a call's name, invocation name or call id. Everything before it is taken over.</summary>
    public required string From { get; init; }

    /// <summary>Values by selector; each takes the place of the call's output for everything that follows it.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Outputs { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>
    /// Values by checkpoint name; each takes the place of the output of every call of that checkpoint. The name of a repeat means that call only.
    /// <see cref="Outputs"/> win.
    /// </summary>
    public IReadOnlyDictionary<string, JsonNode?> CheckpointOutputs { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Selectors of calls that are taken over even where they would run again.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Flow inputs by parameter name, on top of the recorded ones; null keeps those.</summary>
    public JsonObject? FlowInputs { get; init; }
}

/// <summary>A replay, thought through: stored with the execution that carries it out, and never changed.</summary>
public sealed record ReplayPlan
{
    /// <summary>The execution that is replayed.</summary>
    public required ExecutionId Source { get; init; }

    /// <summary>Invocation name of the call it starts from.</summary>
    public required string From { get; init; }

    /// <summary>Every recorded call, wait and sleep, in recorded order; those without a record last.</summary>
    public required IReadOnlyList<ReplayStep> Steps { get; init; }

    /// <summary>Names of the flow inputs that differ from the recorded ones.</summary>
    public IReadOnlyList<string> FlowInputs { get; init; } = [];

    /// <summary>
    /// What each selector of the request was found to mean: <c>checkpoint.&lt;selector&gt;</c> of one call's output, <c>checkpoint:&lt;name&gt;</c>
    /// of every call's of a checkpoint, to invocation names.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Matched { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Some inputs are not those the reused records were made with: here, or in a replay this one replays.</summary>
    public bool InputsDiffer { get; init; }

    /// <summary>The execution at the root of the lineage: argument fingerprints are keyed with its id.</summary>
    public required ExecutionId Root { get; init; }

    /// <summary>Where the flow's recorded clock starts.</summary>
    public required DateTimeOffset ClockStart { get; init; }

    /// <summary>
    /// Until something new reaches the flow it must ask for exactly what was recorded. False when the record itself has gaps (the source
    /// was retried, or is a replay) or the inputs differ.
    /// </summary>
    public required bool IsStrict { get; init; }

    /// <summary>Who asked for it.</summary>
    public string? By { get; init; }
}

/// <summary>Replays: planned over recorded calls, carried out as executions of their own (runtime.md 6).</summary>
public interface IReplays
{
    /// <summary>What a replay would do; nothing is stored.</summary>
    /// <exception cref="KitaruUsageException">A selector is blank.</exception>
    /// <exception cref="KitaruStateException">The source runs, has no checkpoints, or a selector does not mean exactly one call.</exception>
    Task<ReplayPlan> PlanAsync(ReplayRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores an execution that replays <paramref name="request"/>'s source, ready to be claimed, with its plan and everything it takes over.
    /// </summary>
    /// <param name="request">What to replay.</param>
    /// <param name="execution">The new execution; its original and seed are filled in here.</param>
    /// <param name="by">Who asks, for the record.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    Task<ExecutionRecord> CreateAsync(ReplayRequest request, NewExecution execution, string by, CancellationToken cancellationToken = default);

    /// <summary>The stored plan of a replay; null when the execution is none.</summary>
    Task<ReplayPlan?> FindPlanAsync(ExecutionId id, CancellationToken cancellationToken = default);

    /// <summary>An execution beside its replays: what ran otherwise, and what that changed.</summary>
    /// <exception cref="KitaruNotFoundException">There is no such execution.</exception>
    /// <exception cref="KitaruUsageException">One to compare is not a direct replay of it.</exception>
    Task<ExecutionDiff> DiffAsync(DiffRequest request, CancellationToken cancellationToken = default);

    /// <summary>Executions of a flow that made a call exactly once and can be replayed from it.</summary>
    /// <exception cref="KitaruUsageException">None fits, or the query is out of bounds.</exception>
    Task<Cohort> FindCohortAsync(CohortQuery query, CancellationToken cancellationToken = default);
}
