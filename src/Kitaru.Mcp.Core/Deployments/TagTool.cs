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
            "Puts a tag on a version of a deployed flow, so that kitaru_deployments_invoke(flow, tag) leads there. exclusive=true takes it off every other version in "
            + "the same moment: that moves a route, for example default back to an older version after a bad deploy. A shared tag may be on several versions, and selects "
            + "only while it is on one. A tag that is there already changes to the asked form. Running executions are not touched. Answers the version as it is then.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Arguments =
        [
            DeploymentArguments.Flow(),
            DeploymentArguments.Version("The version to put the tag on, from 1: see kitaru_deployments_list."),
            DeploymentArguments.Tag("The tag, 1 to 128 characters, upper and lower case differ. default is reserved: always exclusive, what an invoke without version and tag means."),
            Argument.Flag("exclusive", "true: on this version only, taken off the others. false: others may have it too.", preset: false),
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
