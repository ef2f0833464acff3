using System.Text.Json.Nodes;
using Kitaru.ControlPlane.Storage;
using Kitaru.Core;

namespace Kitaru.ControlPlane;

/// <summary>From a selector to one deployment, or to the error that says why there is not exactly one (platform.md 1.7).</summary>
internal sealed class DeploymentLookup(IStore store)
{
    public async Task<DeploymentRecord> ByVersionAsync(string flow, int version, CancellationToken cancellationToken)
    {
        var found = await store.Deployments.FindAsync(flow, version, null, cancellationToken).ConfigureAwait(false);
        return found.Matches is [var one] ? one
            : throw (found.Versions.Count == 0 ? await NoneAsync(flow, cancellationToken).ConfigureAwait(false) : NoVersion(flow, version, found.Versions));
    }

    /// <param name="flow">The flow.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="isImplicit">Nobody asked for it: it is <c>default</c> because nothing else was named.</param>
    /// <param name="cancellationToken">Stops waiting for the store.</param>
    public async Task<DeploymentRecord> ByTagAsync(string flow, string tag, bool isImplicit, CancellationToken cancellationToken)
    {
        var found = await store.Deployments.FindAsync(flow, null, tag, cancellationToken).ConfigureAwait(false);
        return found.Matches switch
        {
            [var one] => one,
            { Count: > 1 } => throw Ambiguous(flow, tag, found.Matches),
            _ when found.Versions.Count == 0 => throw await NoneAsync(flow, cancellationToken).ConfigureAwait(false),
            _ when isImplicit => throw new KitaruStateException(
                $"Flow '{flow}' has deployments (versions {Numbers(found.Versions)}) but none of them is tagged 'default', and neither version nor tag was given.",
                "Call again with version or tag, or move default to a version with kitaru_deployments_tag(flow, version, tag=\"default\")."),
            _ => throw await NoTagAsync(flow, tag, found.Versions, cancellationToken).ConfigureAwait(false),
        };
    }

    public async Task<KitaruLookupException> NoVersionAsync(string flow, int version, CancellationToken cancellationToken)
    {
        var found = await store.Deployments.FindAsync(flow, version, null, cancellationToken).ConfigureAwait(false);
        return found.Versions.Count == 0 ? await NoneAsync(flow, cancellationToken).ConfigureAwait(false) : NoVersion(flow, version, found.Versions);
    }

    public static string Names(IEnumerable<string> tags) => string.Join(", ", tags.Order(StringComparer.Ordinal).Select(tag => $"'{Texts.Short(tag, 80)}'"));

    private static KitaruLookupException NoVersion(string flow, int version, IReadOnlyList<int> versions) => new(
        $"Flow '{flow}' has no deployment with version {version}. Versions: {Numbers(versions)}.",
        $"Call again with one of these, or see kitaru_deployments_list(flow=\"{flow}\").")
    {
        Details = new JsonObject { ["argument"] = "version", ["got"] = version, ["flow"] = flow, ["versions"] = new JsonArray([.. versions.Select(number => (JsonNode)number)]) },
    };

    private async Task<KitaruLookupException> NoTagAsync(string flow, string tag, IReadOnlyList<int> versions, CancellationToken cancellationToken)
    {
        var (items, _) = await store.Deployments.ListAsync(flow, null, null, 1000, cancellationToken).ConfigureAwait(false);
        var tags = items.SelectMany(item => item.Tags.Keys).Distinct(StringComparer.Ordinal).ToList();
        var known = tags.Count == 0 ? "It has no tags at all." : $"Its tags: {Names(tags.Take(20))}.";
        return new KitaruLookupException(
            $"Flow '{flow}' has no deployment tagged '{Texts.Short(tag, 80)}'.{Texts.DidYouMean(tag, tags)} {known} Versions: {Numbers(versions)}.",
            $"Call again with one of these, or see kitaru_deployments_list(flow=\"{flow}\").")
        {
            Details = new JsonObject { ["argument"] = "tag", ["got"] = Texts.Short(tag, 80), ["flow"] = flow, ["nearest"] = Texts.Nearest(tag, tags) },
        };
    }

    /// <summary>Says nothing of tags: there is nothing that could carry one.</summary>
    private async Task<KitaruLookupException> NoneAsync(string flow, CancellationToken cancellationToken)
    {
        var (items, _) = await store.Deployments.ListAsync(null, null, null, 1000, cancellationToken).ConfigureAwait(false);
        var flows = items.Select(item => item.Flow).Distinct(StringComparer.Ordinal).ToList();
        return new KitaruLookupException(
            $"There are no deployments of flow '{flow}'.{Texts.DidYouMean(flow, flows)}",
            "See what is deployed with kitaru_deployments_list, or deploy it with kitaru_deployments_deploy.")
        {
            Details = new JsonObject { ["argument"] = "flow", ["got"] = flow, ["nearest"] = Texts.Nearest(flow, flows) },
        };
    }

    private static KitaruStateException Ambiguous(string flow, string tag, IReadOnlyList<DeploymentRecord> matches)
    {
        var versions = matches.Select(match => match.Version).ToList();
        return new KitaruStateException(
            $"The tag '{Texts.Short(tag, 80)}' of flow '{flow}' is on {versions.Count} versions: {Numbers(versions)}. It does not say which one is meant.",
            "Call again with version, or make the tag exclusive on one version with kitaru_deployments_tag(exclusive=true).")
        {
            Details = new JsonObject { ["argument"] = "tag", ["got"] = Texts.Short(tag, 80), ["flow"] = flow, ["versions"] = new JsonArray([.. versions.Select(number => (JsonNode)number)]) },
        };
    }

    private static string Numbers(IReadOnlyList<int> versions) =>
        string.Join(", ", versions.Take(20).Order()) + (versions.Count > 20 ? ", …" : "");
}
