using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Flows.Deployments;

/// <summary>kitaru flow deployments delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var (flow, version) = (FlowOptions.Flow(), FlowOptions.Version());
        return new LeafCommand(
            "flow.deployments.delete", "Deletes a version of a flow; its executions go on. Refused while an exclusive tag is on it.", "kitaru flow deployments delete research_agent --version 1",
            async (call, cancellationToken) =>
            {
                var (name, number) = (call.Get(flow).Trim(), call.Get(version)!.Value);
                await call.Client.Deployments.DeleteAsync(name, number, cancellationToken);
                return Answer.Item(DeploymentJson.Deleted(name, number), new Success($"Deleted version {number} of flow {name}."));
            })
        {
            flow,
            version,
        };
    }
}
