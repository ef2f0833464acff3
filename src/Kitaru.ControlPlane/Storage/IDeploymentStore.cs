using Kitaru.Core;

namespace Kitaru.ControlPlane.Storage;

/// <summary>Where a page of deployments starts: after this one.</summary>
internal readonly record struct DeploymentStart(string Flow, int Version);

/// <summary>What a selector leads to, as of one moment.</summary>
/// <param name="Matches">The deployments it means, by version.</param>
/// <param name="Versions">All versions of the flow, the newest first, cut to a number that fits a message.</param>
internal sealed record DeploymentMatches(IReadOnlyList<DeploymentRecord> Matches, IReadOnlyList<int> Versions);

/// <summary>Rules were checked above: tags are as they are to be stored.</summary>
internal interface IDeploymentStore
{
    /// <summary>Stores it under the flow's next number; its exclusive tags leave the other versions.</summary>
    Task<DeploymentRecord> InsertAsync(NewDeployment deployment, DeploymentId id, FlowId newFlowId, CancellationToken cancellationToken);

    Task<(IReadOnlyList<DeploymentRecord> Items, long Total)> ListAsync(string? flow, string? tag, DeploymentStart? after, int limit, CancellationToken cancellationToken);

    /// <summary>By version or by tag; one of them is given.</summary>
    Task<DeploymentMatches> FindAsync(string flow, int? version, string? tag, CancellationToken cancellationToken);

    /// <inheritdoc cref="IDeployments.FindInFlightAsync"/>
    Task<OtherCodeInFlight> FindInFlightAsync(string flow, SnapshotId snapshot, DeploymentId? deployment, int limit, CancellationToken cancellationToken);

    /// <summary>Puts the tag there in this form, off the others if it is exclusive; null when there is no such version.</summary>
    /// <exception cref="KitaruUsageException">There would be too many tags.</exception>
    Task<DeploymentRecord?> TagAsync(string flow, int version, string tag, bool exclusive, CancellationToken cancellationToken);

    /// <summary>Null when there is no such version.</summary>
    Task<DeploymentRecord?> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken);

    /// <summary>Deletes it unless an exclusive tag is on it; returns it as it was, null when there is no such version.</summary>
    Task<DeploymentRecord?> DeleteUnlessProtectedAsync(string flow, int version, CancellationToken cancellationToken);
}
