using System.Globalization;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows;

/// <summary>kitaru flow list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create() => new("flow.list", "Lists deployed flows with their versions and tags.", "kitaru flow list", async (call, cancellationToken) =>
    {
        var flows = (await call.Client.Deployments.ListAsync(cancellationToken: cancellationToken)).GroupBy(deployment => deployment.Flow, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => FlowJson.Of(group.Key, group.Select(deployment => deployment.Record))).ToList();
        return Answer.List(flows, new Table(
            "Kitaru flows", ["Flow", "Deployments", "Latest", "Default", "Tags"],
            [.. flows.Select(flow => (Cell[])[
                (string?)flow["flow"], ((int)flow["deployment_count"]!).ToString(CultureInfo.InvariantCulture), FlowText.Version(flow["latest_version"]), FlowText.Version(flow["default_version"]), FlowText.Tags(flow)])])) with
        {
            Hints = flows.Count == 0 ? ["kitaru deploy flows/Research.cs:research_agent"] : [],
        };
    });
}
