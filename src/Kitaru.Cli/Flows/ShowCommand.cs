using System.Globalization;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Flows.Deployments;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows;

/// <summary>kitaru flow show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var flow = FlowOptions.Flow();
        return new LeafCommand("flow.show", "Shows a deployed flow with all its versions.", "kitaru flow show research_agent", async (call, cancellationToken) =>
        {
            var deployments = await DeploymentList.ReadAsync(call, call.Get(flow), cancellationToken);
            var json = FlowJson.Of(deployments[0].Flow, deployments.Select(deployment => deployment.Record));
            return Answer.Item(
                json,
                new Snapshot(
                    "Kitaru flow", ("Flow", deployments[0].Flow), ("Deployments", deployments.Count.ToString(CultureInfo.InvariantCulture)),
                    ("Latest", FlowText.Version(json["latest_version"])), ("Default", FlowText.Version(json["default_version"])), ("Tags", FlowText.Tags(json))),
                DeploymentList.Table(deployments, note: null));
        })
        {
            flow,
        };
    }
}
