using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Runs;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows;

/// <summary>kitaru flow untag.</summary>
internal static class UntagCommand
{
    public static LeafCommand Create()
    {
        var (flow, tag, version) = (FlowOptions.Flow(), FlowOptions.Tag(), FlowOptions.Version());
        return new LeafCommand("flow.untag", "Takes a tag off a version of a flow; default can only be moved.", "kitaru flow untag research_agent canary --version 2", async (call, cancellationToken) =>
        {
            var deployment = await call.Client.Deployments.UntagAsync(call.Get(flow), call.Get(version)!.Value, call.Get(tag), cancellationToken);
            return Answer.Item(DeploymentJson.Of(deployment.Record), DeploymentText.Snapshot(deployment.Record));
        })
        {
            flow,
            tag,
            version,
        };
    }
}
