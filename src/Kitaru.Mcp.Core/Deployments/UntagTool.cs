using Kitaru.Core.Wire;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_untag.</summary>
internal static class UntagTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_untag",
        Title = "Take a tag off a deployment",
        Description =
            "Takes a tag off one version of a deployed flow; a tag that is not there changes nothing. default cannot be taken off, only moved: kitaru_deployments_tag. Needed "
            + "before kitaru_deployments_delete when an exclusive tag protects the version.",
        Hints = new ToolHints(ReadOnly: false, Destructive: true, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            DeploymentArguments.Flow(),
            DeploymentArguments.Version("The version to take it off."),
            DeploymentArguments.Tag("The tag; any but default."),
        ],
        Output = DeploymentShapes.Result(),
        CallAsync = async (call, cancellationToken) =>
        {
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            return ToolAnswer.Of(DeploymentJson.Of(await kitaru.Deployments.UntagAsync(call.Text("flow"), call.Integer("version"), call.Text("tag"), cancellationToken)));
        },
    };
}
