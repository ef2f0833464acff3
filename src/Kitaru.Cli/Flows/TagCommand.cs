using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Cli.Runs;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows;

/// <summary>kitaru flow tag.</summary>
internal static class TagCommand
{
    public static LeafCommand Create()
    {
        var (flow, tag, version) = (FlowOptions.Flow(), FlowOptions.Tag(), FlowOptions.Version());
        var exclusive = CommonOptions.Flag("--exclusive", "The tag leaves all other versions in the same moment.");
        return new LeafCommand("flow.tag", "Puts a tag on a version of a flow.", "kitaru flow tag research_agent stable --version 2 --exclusive", async (call, cancellationToken) =>
        {
            var deployment = await call.Client.Deployments.TagAsync(call.Get(flow), call.Get(version)!.Value, call.Get(tag), call.Get(exclusive), cancellationToken);
            return Answer.Item(DeploymentJson.Of(deployment.Record), DeploymentText.Snapshot(deployment.Record));
        })
        {
            flow,
            tag,
            version,
            exclusive,
        };
    }
}
