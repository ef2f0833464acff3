using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Runs;
using Kitaru.Core;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>All deployments of one flow.</summary>
internal static class DeploymentList
{
    /// <exception cref="KitaruLookupException">There is none; the nearest flow is in the message.</exception>
    public static async Task<IReadOnlyList<Deployment>> ReadAsync(CommandCall call, string flow, CancellationToken cancellationToken)
    {
        var name = DeploymentRules.Flow(flow);
        var found = await call.Client.Deployments.ListAsync(name, cancellationToken);
        if (found.Count > 0)
            return found;
        var known = (await call.Client.Deployments.ListAsync(cancellationToken: cancellationToken)).Select(deployment => deployment.Flow).Distinct(StringComparer.Ordinal);
        throw new KitaruLookupException(
            $"There are no deployments of flow '{Texts.Short(name, 80)}'.{Texts.DidYouMean(name, known)}", "See what is deployed with kitaru flow list, or deploy it with kitaru deploy.");
    }

    public static Table Table(IEnumerable<Deployment> deployments, string? note) => new(
        "Kitaru deployments", ["Version", "Tags", "Created", "Stack", "Deployment ID"],
        [.. deployments.Select(deployment => (Cell[])[
            $"v{deployment.Version}", DeploymentText.Tags(deployment.Tags), Cell.Time(deployment.CreatedAt), deployment.Stack, Cell.Id(deployment.Id)])])
    {
        Note = note,
    };
}
