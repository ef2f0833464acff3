using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_delete.</summary>
internal static class DeleteTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_delete",
        Title = "Delete a deployment",
        Description =
            "Deletes one version of a deployed flow, for good. Refused while an exclusive tag is on it: move default with kitaru_deployments_tag, take others off with "
            + "kitaru_deployments_untag. Executions invoked from it stay and go on.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: false),
        Arguments = [DeploymentArguments.Flow(), DeploymentArguments.Version("The version to delete.")],
        Output = ResultSchema.Object(
            "What was deleted.",
            ("flow", Shape.Text("The flow.")),
            ("version", Shape.Integer("The version.")),
            ("deleted", Shape.Flag("Always true."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var (flow, version) = (call.Text("flow"), call.Integer("version"));
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            await kitaru.Deployments.DeleteAsync(flow, version, cancellationToken);
            return ToolAnswer.Of(DeploymentJson.Deleted(flow.Trim(), version));
        },
    };
}
