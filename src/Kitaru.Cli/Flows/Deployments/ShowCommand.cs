using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Runs;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>kitaru flow deployments show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var (flow, selector) = (FlowOptions.Flow(), new Selector());
        return new LeafCommand("flow.deployments.show", "Shows the version of a flow that a number or a tag leads to.", "kitaru flow deployments show research_agent --tag stable", async (call, cancellationToken) =>
        {
            var deployment = await selector.FindAsync(call, call.Get(flow), cancellationToken);
            return Answer.Item(DeploymentJson.Of(deployment.Record), DeploymentText.Snapshot(deployment.Record));
        })
        {
            flow,
            selector.Version,
            selector.Tag,
        };
    }
}
