using Kitaru.ControlPlane.Storage;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru.ControlPlane;

/// <summary>The rules of platform.md 1.4 to 1.7; what must hold at every moment is one transaction of the store.</summary>
internal sealed class DeploymentService(IStore store, IdFactory ids) : IDeployments
{
    private const int PageMax = 1000;
    private const int InputsBytesMax = 32 * 1024;

    private readonly DeploymentLookup _lookup = new(store);

    public Task<DeploymentRecord> CreateAsync(NewDeployment deployment, CancellationToken cancellationToken = default)
    {
        if (deployment.Snapshot.IsProgram)
        {
            throw new KitaruFeatureNotAvailableException(
                "A flow that runs inside a program cannot be deployed: there is no stored copy of its code.", "Deploy it by target, for example flows/Research.cs:research_agent.");
        }
        if (deployment.Retries < 0)
            throw new KitaruUsageException($"retries must be 0 or more; it is {deployment.Retries}.", "Call again with retries=0, or leave it out.");
        var bytes = KitaruJson.WriteBytes(deployment.Inputs).Length;
        if (bytes > InputsBytesMax)
            throw new KitaruUsageException($"The inputs of a deployment may take {InputsBytesMax} bytes; these take {bytes}.", "Deploy without the large ones, and give them at each invoke.");
        var kept = deployment with { Flow = DeploymentRules.Flow(deployment.Flow), Tags = DeploymentRules.Tags(deployment.Tags) };
        return store.Deployments.InsertAsync(kept, new DeploymentId(ids.NewId()), new FlowId(ids.NewId()), cancellationToken);
    }

    public async Task<Page<DeploymentRecord>> ListAsync(DeploymentQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Limit is < 1 or > PageMax)
            throw new KitaruUsageException($"limit must be between 1 and {PageMax}; it is {query.Limit}.", "Call again with limit=20.");
        var flow = query.Flow is null ? null : DeploymentRules.Flow(query.Flow);
        var tag = query.Tag is null ? null : DeploymentRules.Tag(query.Tag);
        var (items, total) = await store.Deployments
            .ListAsync(flow, tag, DeploymentCursor.Parse(query.Cursor), query.Limit + 1, cancellationToken).ConfigureAwait(false);
        return items.Count <= query.Limit
            ? new Page<DeploymentRecord>(items, total, null)
            : new Page<DeploymentRecord>([.. items.Take(query.Limit)], total, DeploymentCursor.Of(items[query.Limit - 1]));
    }

    public Task<DeploymentRecord> ResolveAsync(string flow, int? version, string? tag, CancellationToken cancellationToken = default)
    {
        DeploymentRules.CheckSelector(version, tag);
        var name = DeploymentRules.Flow(flow);
        return version is { } number ? _lookup.ByVersionAsync(name, DeploymentRules.Version(number), cancellationToken)
            : _lookup.ByTagAsync(name, tag is null ? DeploymentRules.DefaultTag : DeploymentRules.Tag(tag), isImplicit: tag is null, cancellationToken);
    }

    public Task<OtherCodeInFlight> FindInFlightAsync(
        string flow, SnapshotId snapshot, DeploymentId? deployment, int limit, CancellationToken cancellationToken = default) =>
        store.Deployments.FindInFlightAsync(DeploymentRules.Flow(flow), snapshot, deployment, Math.Clamp(limit, 0, PageMax), cancellationToken);

    public async Task<DeploymentRecord> TagAsync(string flow, int version, string tag, bool exclusive, CancellationToken cancellationToken = default)
    {
        var (name, number, label) = (DeploymentRules.Flow(flow), DeploymentRules.Version(version), DeploymentRules.Tag(tag));
        return await store.Deployments.TagAsync(name, number, label, DeploymentRules.IsExclusive(label, exclusive), cancellationToken).ConfigureAwait(false)
            ?? throw await _lookup.NoVersionAsync(name, number, cancellationToken).ConfigureAwait(false);
    }

    public async Task<DeploymentRecord> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken = default)
    {
        var (name, number, label) = (DeploymentRules.Flow(flow), DeploymentRules.Version(version), DeploymentRules.Tag(tag));
        if (label == DeploymentRules.DefaultTag)
        {
            throw new KitaruUsageException(
                $"The tag 'default' is reserved and cannot be removed from flow '{name}'; it can only be moved to another version.",
                "Move it with kitaru_deployments_tag(flow, version, tag=\"default\").")
            {
                Details = new() { ["argument"] = "tag", ["expected"] = "a tag other than 'default'", ["got"] = label },
            };
        }
        return await store.Deployments.UntagAsync(name, number, label, cancellationToken).ConfigureAwait(false)
            ?? throw await _lookup.NoVersionAsync(name, number, cancellationToken).ConfigureAwait(false);
    }

    public async Task DeleteAsync(string flow, int version, CancellationToken cancellationToken = default)
    {
        var (name, number) = (DeploymentRules.Flow(flow), DeploymentRules.Version(version));
        var found = await store.Deployments.DeleteUnlessProtectedAsync(name, number, cancellationToken).ConfigureAwait(false)
            ?? throw await _lookup.NoVersionAsync(name, number, cancellationToken).ConfigureAwait(false);
        var exclusive = found.Tags.Where(pair => pair.Value).Select(pair => pair.Key).ToList();
        if (exclusive.Count == 0)
            return;
        throw new KitaruStateException(
            $"Version {number} of flow '{name}' cannot be deleted while it has exclusive tags: {DeploymentLookup.Names(exclusive)}. Nothing was deleted.",
            exclusive.Contains(DeploymentRules.DefaultTag)
                ? "Move default to another version with kitaru_deployments_tag, take other exclusive tags off with kitaru_deployments_untag, then delete again."
                : "Take them off with kitaru_deployments_untag, or move them with kitaru_deployments_tag, then delete again.")
        {
            Details = new() { ["flow"] = name, ["version"] = number, ["exclusive_tags"] = new System.Text.Json.Nodes.JsonArray([.. exclusive.Select(tag => (System.Text.Json.Nodes.JsonNode)tag)]) },
        };
    }
}
