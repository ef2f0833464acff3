using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>How one replay of a submission stands.</summary>
public enum SubmissionStatus
{
    /// <summary>Stored; it runs, waits, or is yet to run.</summary>
    Submitted,

    /// <summary>It returned.</summary>
    Completed,

    /// <summary>It failed or was cancelled.</summary>
    Failed,
}

/// <summary>Several executions replayed with the same changes (runtime.md 6.2).</summary>
public sealed record ReplaySubmission
{
    /// <summary>How many executions one submission takes.</summary>
    public const int ExecutionsMax = 500;

    /// <summary><c>rs-&lt;UTC time&gt;-&lt;8 hex digits&gt;</c>; null when nothing was to be started.</summary>
    public string? Id { get; init; }

    /// <summary>The label its replays carry.</summary>
    public string? Tag { get; init; }

    /// <summary>The call each starts from.</summary>
    public required string At { get; init; }

    /// <summary>Whether their ends were waited for.</summary>
    public required bool Wait { get; init; }

    /// <summary>What was asked to be different.</summary>
    public required SubmissionPlan Plan { get; init; }

    /// <summary>The replays that were started.</summary>
    public IReadOnlyList<SubmittedReplay> Results { get; init; } = [];

    /// <summary>Executions that could not be replayed.</summary>
    public IReadOnlyList<SubmissionProblem> Failures { get; init; } = [];

    /// <summary>Executions that never made the call to start from.</summary>
    public IReadOnlyList<SubmissionProblem> Skipped { get; init; } = [];

    /// <summary>What would happen, when nothing was to be started.</summary>
    public IReadOnlyList<ReplayPlan> Plans { get; init; } = [];

    /// <summary>What is not as it was asked for.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>A page that shows all of them beside their originals, or null.</summary>
    public string? CompareUrl { get; init; }
}

/// <summary>The changes of a submission, as asked for and as understood.</summary>
public sealed record SubmissionPlan
{
    /// <summary>Flow inputs by name.</summary>
    public JsonObject FlowOverrides { get; init; } = [];

    /// <summary>Overrides of every call of a checkpoint.</summary>
    public JsonObject CheckpointOverrides { get; init; } = [];

    /// <summary>Overrides of single calls.</summary>
    public JsonObject InvocationOverrides { get; init; } = [];

    /// <summary>Calls to reuse.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary><c>checkpoint:&lt;selector&gt;</c> and <c>invocation:&lt;selector&gt;</c> to the invocation names found in any of the executions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MatchedTargets { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}

/// <summary>A replay of a submission.</summary>
/// <param name="Reference">The execution as the caller wrote it.</param>
/// <param name="Original">The execution.</param>
/// <param name="Replay">The new execution.</param>
/// <param name="Status">How it stands.</param>
/// <param name="CompareUrl">A page that shows both, or null.</param>
public sealed record SubmittedReplay(string Reference, ExecutionId Original, ExecutionId Replay, SubmissionStatus Status, string? CompareUrl);

/// <summary>An execution that was not replayed.</summary>
/// <param name="Reference">The execution as the caller wrote it.</param>
/// <param name="Original">The execution, or null when there is none.</param>
/// <param name="Reason">Why.</param>
public sealed record SubmissionProblem(string Reference, ExecutionId? Original, string Reason);
