using Kitaru.Core;
using Kitaru.Core.Http;

namespace Kitaru.Client.Http;

internal sealed class HttpDeployments(HttpCalls calls) : IDeployments
{
    public Task<DeploymentRecord> CreateAsync(NewDeployment deployment, CancellationToken cancellationToken = default) =>
        calls.ChangeAsync<DeploymentRecord>(HttpMethod.Post, "deployments", deployment, Repeat.Keyed, cancellationToken);

    public Task<Page<DeploymentRecord>> ListAsync(DeploymentQuery query, CancellationToken cancellationToken = default) => calls.GetAsync<Page<DeploymentRecord>>(
        new Query("deployments").Add("flow", query.Flow).Add("tag", query.Tag).Add("limit", query.Limit).Add("cursor", query.Cursor), cancellationToken);

    public Task<DeploymentRecord> ResolveAsync(string flow, int? version, string? tag, CancellationToken cancellationToken = default) =>
        calls.GetAsync<DeploymentRecord>(new Query("deployments/resolve").Add("flow", flow).Add("version", version).Add("tag", tag), cancellationToken);

    public Task<OtherCodeInFlight> FindInFlightAsync(
        string flow, SnapshotId snapshot, DeploymentId? deployment, int limit, CancellationToken cancellationToken = default) => calls.GetAsync<OtherCodeInFlight>(
        new Query("deployments/in_flight").Add("flow", flow).Add("snapshot", snapshot.Value).Add("deployment_id", deployment?.ToString()).Add("limit", limit), cancellationToken);

    public Task<DeploymentRecord> TagAsync(string flow, int version, string tag, bool exclusive, CancellationToken cancellationToken = default) => calls.ChangeAsync<DeploymentRecord>(
        HttpMethod.Post, "deployments/tags", new DeploymentTagBody { Flow = flow, Version = version, Tag = tag, Exclusive = exclusive }, Repeat.Safe, cancellationToken);

    public Task<DeploymentRecord> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken = default) => calls.ChangeAsync<DeploymentRecord>(
        HttpMethod.Delete, new Query("deployments/tags").Add("flow", flow).Add("version", version).Add("tag", tag), body: null, Repeat.Safe, cancellationToken);

    public Task DeleteAsync(string flow, int version, CancellationToken cancellationToken = default) => calls.ChangeAsync(
        HttpMethod.Delete, new Query("deployments").Add("flow", flow).Add("version", version), body: null, Repeat.Keyed, cancellationToken);
}
