using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru;

/// <summary>Deployments: flows as numbered, tagged routes that are invoked without their source.</summary>
public sealed partial class DeploymentsClient
{
    private const int PageSize = 500;

    private readonly KitaruClient _client;

    internal DeploymentsClient(KitaruClient client) => _client = client;

    /// <summary>All deployments, or one flow's, by flow and then version.</summary>
    public async Task<IReadOnlyList<Deployment>> ListAsync(string? flow = null, CancellationToken cancellationToken = default)
    {
        var port = await PortAsync(cancellationToken).ConfigureAwait(false);
        var all = new List<Deployment>();
        string? cursor = null;
        do
        {
            var page = await port.ListAsync(new DeploymentQuery { Flow = flow, Limit = PageSize, Cursor = cursor }, cancellationToken).ConfigureAwait(false);
            all.AddRange(page.Items.Select(record => new Deployment(_client, record)));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    /// <summary>The deployment of a flow with this version or this tag; without either, the one tagged <c>default</c>.</summary>
    /// <exception cref="KitaruUsageException">Both were given, or one breaks a rule.</exception>
    /// <exception cref="KitaruLookupException">There is none.</exception>
    /// <exception cref="KitaruStateException">The tag is on several versions.</exception>
    public async Task<Deployment> GetAsync(string flow, int? version = null, string? tag = null, CancellationToken cancellationToken = default)
    {
        var port = await PortAsync(cancellationToken).ConfigureAwait(false);
        var record = await port.ResolveAsync(flow, version, version is null ? tag ?? DeploymentRules.DefaultTag : tag, cancellationToken).ConfigureAwait(false);
        return new Deployment(_client, record);
    }

    /// <summary>Puts a tag on a version; an exclusive one leaves every other version in the same moment.</summary>
    /// <inheritdoc cref="IDeployments.TagAsync"/>
    public async Task<Deployment> TagAsync(string flow, int version, string tag, bool exclusive = false, CancellationToken cancellationToken = default) =>
        new(_client, await _client.ChangeAsync(
            "Deployments.TagAsync", new JsonObject { ["flow"] = flow, ["version"] = version, ["tag"] = tag, ["exclusive"] = exclusive },
            async client => await (await client.Deployments.PortAsync(cancellationToken).ConfigureAwait(false)).TagAsync(flow, version, tag, exclusive, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false));

    /// <summary>Takes a tag off a version; not there: nothing happens.</summary>
    /// <inheritdoc cref="IDeployments.UntagAsync"/>
    public async Task<Deployment> UntagAsync(string flow, int version, string tag, CancellationToken cancellationToken = default) =>
        new(_client, await _client.ChangeAsync(
            "Deployments.UntagAsync", new JsonObject { ["flow"] = flow, ["version"] = version, ["tag"] = tag },
            async client => await (await client.Deployments.PortAsync(cancellationToken).ConfigureAwait(false)).UntagAsync(flow, version, tag, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false));

    /// <summary>Deletes a version; its number is never used again, its executions go on.</summary>
    /// <inheritdoc cref="IDeployments.DeleteAsync"/>
    public Task DeleteAsync(string flow, int version, CancellationToken cancellationToken = default) =>
        _client.ChangeAsync(
            "Deployments.DeleteAsync", new JsonObject { ["flow"] = flow, ["version"] = version },
            async client =>
            {
                await (await client.Deployments.PortAsync(cancellationToken).ConfigureAwait(false)).DeleteAsync(flow, version, cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private async Task<IDeployments> PortAsync(CancellationToken cancellationToken) =>
        (await _client.OpenAsync(cancellationToken).ConfigureAwait(false)).Deployments;
}
