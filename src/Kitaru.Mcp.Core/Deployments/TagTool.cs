using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_tag.</summary>
internal static class TagTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_tag",
        Title = "Tag a deployment",
        Description =
            "Puts a tag on a version of a deployed flow, so that kitaru_deployments_invoke(flow, tag) leads there. exclusive=true takes it off all other versions in the same "
            + "moment: that moves a route, for example default back after a bad deploy. Running executions are not touched.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            DeploymentArguments.Flow(),
            DeploymentArguments.Version("The version to put it on."),
            DeploymentArguments.Tag("The tag; case matters."),
            Argument.Flag("exclusive", "true: on this version only, off the others.", preset: false),
        ],
        Output = DeploymentShapes.Result(),
        CallAsync = async (call, cancellationToken) =>
        {
            var kitaru = await call.Backend.OpenAsync(cancellationToken);
            var record = await kitaru.Deployments.TagAsync(call.Text("flow"), call.Integer("version"), call.Text("tag"), call.Flag("exclusive"), cancellationToken);
            return ToolAnswer.Of(DeploymentJson.Of(record));
        },
    };
}
