using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>What a scan looks for: the newest executions of a flow, and which of them are worth counting calls in.</summary>
internal sealed record CohortScan(string Flow, string At, IReadOnlyList<ExecutionStatus> Statuses, DateTimeOffset? Since, DateTimeOffset? Until, int Max,
    DeploymentId? Deployment = null, int? DeploymentVersion = null);

/// <summary>One execution the scan looked at.</summary>
/// <param name="Member">Its id and what it can be ordered by.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="IsReplay">It replays another one.</param>
/// <param name="IsDeployed">It was invoked from the deployment that is looked for, or none is.</param>
/// <param name="Calls">How often it made the call, counted up to two; null when something else leaves it out already.</param>
internal sealed record CohortCandidate(CohortMember Member, ExecutionStatus Status, bool IsReplay, bool IsDeployed, int? Calls);

internal interface ICohortStore
{
    /// <summary>Newest first, at most <see cref="CohortScan.Max"/>; null when there is no such flow.</summary>
    Task<IReadOnlyList<CohortCandidate>?> ScanAsync(CohortScan scan, CancellationToken cancellationToken);

    /// <summary>Names of flows, for a caller who misspelt one.</summary>
    Task<IReadOnlyList<string>> ListFlowsAsync(CancellationToken cancellationToken);
}
