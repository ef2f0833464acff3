using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>kitaru flow deployments list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create()
    {
        var (flow, paging) = (FlowOptions.Flow(), new Paging());
        return new LeafCommand("flow.deployments.list", "Lists the versions of a deployed flow.", "kitaru flow deployments list research_agent", async (call, cancellationToken) =>
        {
            var all = await DeploymentList.ReadAsync(call, call.Get(flow), cancellationToken);
            var shown = paging.Take(call, all);
            return Answer.List(shown.Select(deployment => DeploymentJson.Of(deployment.Record)), DeploymentList.Table(shown, paging.Note(call, shown.Count, all.Count)));
        })
        {
            flow,
            paging.Page,
            paging.Size,
        };
    }
}
