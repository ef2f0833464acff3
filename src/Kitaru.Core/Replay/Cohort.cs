namespace Kitaru.Core;

/// <summary>What a cohort is ordered by.</summary>
public enum CohortField
{
    /// <summary>When it was first taken by a worker.</summary>
    StartedAt,

    /// <summary>From its start to its end.</summary>
    Duration,

    /// <summary>Cost of its model calls, from its usage summary.</summary>
    DisplayCostUsd,

    /// <summary>Tokens of its model calls, from its usage summary.</summary>
    TotalTokens,
}

/// <summary>Executions of one flow that can be replayed from one call (runtime.md 6.4).</summary>
public sealed record CohortQuery
{
    /// <summary>The flow's exact name.</summary>
    public required string Flow { get; init; }

    /// <summary>The call to replay from: a checkpoint's name, or the invocation name of a repeat.</summary>
    public required string At { get; init; }

    /// <summary>Only executions invoked from this deployment.</summary>
    public DeploymentId? Deployment { get; init; }

    /// <summary>Only executions invoked from this version of the flow, deleted or not.</summary>
    public int? DeploymentVersion { get; init; }

    /// <summary>What comes first.</summary>
    /// <value>Default: <c>-started_at</c>.</value>
    public CohortOrder Order { get; init; } = new(CohortField.StartedAt, Descending: true);

    /// <summary>How many executions are answered at most, 1 to 500.</summary>
    /// <value>Default: 50.</value>
    public int Limit { get; init; } = 50;

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many executions of the flow are looked at, the newest first, 1 to 10,000.</summary>
    /// <value>Default: 500.</value>
    public int ScanMax { get; init; } = 500;

    /// <summary>Take failed executions too, not only completed ones.</summary>
    public bool IncludeFailed { get; init; }
}

/// <summary>What a scan found.</summary>
public sealed record Cohort
{
    /// <summary>What was asked.</summary>
    public required CohortQuery Query { get; init; }

    /// <summary>The executions in order, at most <see cref="CohortQuery.Limit"/>.</summary>
    public required IReadOnlyList<CohortMember> Members { get; init; }

    /// <summary>How many executions were looked at.</summary>
    public required int Scanned { get; init; }

    /// <summary>How many of them fit; more than there are <see cref="Members"/> when the limit cut.</summary>
    public required int Matched { get; init; }

    /// <summary>The scan ended at its cap with fewer than the limit found: older executions may fit too.</summary>
    public required bool IsPartial { get; init; }

    /// <summary>Why the others did not fit.</summary>
    public required CohortFiltered Filtered { get; init; }
}

/// <summary>One execution of a cohort.</summary>
/// <param name="Id">The execution.</param>
/// <param name="CreatedAt">When it was stored.</param>
/// <param name="StartedAt">When it was first taken.</param>
/// <param name="Duration">From start to end.</param>
/// <param name="DisplayCostUsd">Cost of its model calls, or null when it says none.</param>
/// <param name="TotalTokens">Their tokens, or null when it says none.</param>
public sealed record CohortMember(
    ExecutionId Id, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, TimeSpan? Duration, double? DisplayCostUsd, double? TotalTokens);

/// <summary>Executions that were looked at and left out, each counted under the first reason that holds, in this order.</summary>
/// <param name="Status">Neither completed nor, where that was asked for, failed.</param>
/// <param name="Originals">Replays themselves.</param>
/// <param name="Deployment">Not invoked from the deployment that was asked for.</param>
/// <param name="Window">Created outside the time range.</param>
/// <param name="Checkpoint">They never made the call.</param>
/// <param name="AmbiguousCheckpoint">They made it more than once.</param>
public sealed record CohortFiltered(int Status, int Originals, int Deployment, int Window, int Checkpoint, int AmbiguousCheckpoint);
