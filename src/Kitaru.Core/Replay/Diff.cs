using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>Which replays are compared with the execution they replay (runtime.md 6.3).</summary>
public sealed record DiffRequest
{
    /// <summary>The largest number of replays one comparison takes.</summary>
    public const int ReplaysLimit = 50;

    /// <summary>The execution that was replayed.</summary>
    public required ExecutionId Original { get; init; }

    /// <summary>Direct replays of it; null for all of them, newest first.</summary>
    public IReadOnlyList<ExecutionId>? Replays { get; init; }

    /// <summary>How many are taken when <see cref="Replays"/> is null.</summary>
    /// <value>Default: <see cref="ReplaysLimit"/>.</value>
    public int ReplaysMax { get; init; } = ReplaysLimit;
}

/// <summary>An execution beside its replays.</summary>
/// <param name="Original">The execution that was replayed.</param>
/// <param name="Compared">One comparison per replay.</param>
/// <param name="Warnings">What a reader must know of how it was compared.</param>
public sealed record ExecutionDiff(ExecutionRecord Original, IReadOnlyList<ReplayDiff> Compared, IReadOnlyList<string> Warnings)
{
    /// <summary>Pages that show it, when there is a user interface.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];
}

/// <summary>One replay beside its original.</summary>
public sealed record ReplayDiff
{
    /// <summary>The replay.</summary>
    public required ExecutionRecord Replay { get; init; }

    /// <summary>Every call of either side: the original's in its order, then those that only the replay has.</summary>
    public required IReadOnlyList<CallDiff> Calls { get; init; }

    /// <summary>The calls whose output was given.</summary>
    public IReadOnlyList<string> Overridden { get; init; } = [];

    /// <summary>The inputs that are not the original's.</summary>
    public IReadOnlyList<InputDiff> Inputs { get; init; } = [];

    /// <summary>The waits whose answers are not the original's.</summary>
    public IReadOnlyList<WaitDiff> Waits { get; init; } = [];

    /// <summary>The flow ended otherwise: another status, failure or result.</summary>
    public required bool ResultChanged { get; init; }
}

/// <summary>One call on both sides.</summary>
public sealed record CallDiff
{
    /// <summary>Its invocation name.</summary>
    public required string Name { get; init; }

    /// <summary>The call of the original; null when only the replay has it.</summary>
    public CallRecord? Original { get; init; }

    /// <summary>The call of the replay; null when only the original has it.</summary>
    public CallRecord? Replay { get; init; }

    /// <summary>What the replay did with it; null when it neither took it over nor has run it.</summary>
    public ReplayAction? Action { get; init; }

    /// <summary>Its output and what was saved in it.</summary>
    public IReadOnlyList<ValueDiff> Values { get; init; } = [];

    /// <summary>Status, failure or a value differ, or one side does not have it. Times and costs do not count.</summary>
    public required bool Changed { get; init; }

    /// <summary>Whether it stands on both sides alike.</summary>
    public bool StatusMatch => Original?.Status == Replay?.Status;

    /// <summary>How much longer it took in the replay; null when a time is missing.</summary>
    public TimeSpan? DurationDelta => Replay?.EndedAt - Replay?.StartedAt - (Original?.EndedAt - Original?.StartedAt);

    /// <summary>How much more its model calls used in the replay; null when there were none, or one side does not have the call.</summary>
    public UsageTotals? UsageDelta =>
        Original is null || Replay is null ? null : UsageTotals.Delta(UsageTotals.Of(Original.Metadata), UsageTotals.Of(Replay.Metadata));
}

/// <summary>A value of a call on both sides.</summary>
/// <param name="Role"><c>output</c>, or the name under which it was saved.</param>
/// <param name="Original">The original's, or null.</param>
/// <param name="Replay">The replay's, or null.</param>
/// <param name="OriginalHash">SHA-256 of its JSON with sorted keys; null when there is none or it cannot be read.</param>
/// <param name="ReplayHash">The same of the replay's.</param>
/// <param name="Changed">Whether the two differ.</param>
public sealed record ValueDiff(
    string Role, ArtifactRecord? Original, ArtifactRecord? Replay, string? OriginalHash, string? ReplayHash, bool Changed);

/// <summary>An input that differs.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Original">What the original was given; null also when it was not given.</param>
/// <param name="Replay">What the replay was given.</param>
public sealed record InputDiff(string Name, JsonNode? Original, JsonNode? Replay);

/// <summary>A wait that was answered otherwise.</summary>
/// <param name="Name">The wait.</param>
/// <param name="Original">The wait of the original, or null.</param>
/// <param name="Replay">The wait of the replay, or null.</param>
public sealed record WaitDiff(string Name, WaitRecord? Original, WaitRecord? Replay);
