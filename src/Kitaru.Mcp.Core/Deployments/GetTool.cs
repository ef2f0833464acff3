using Kitaru.Core.Wire;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>kitaru_deployments_get.</summary>
internal static class GetTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_deployments_get",
        Title = "Inspect a deployment",
        Description =
            "Answers one deployment: by version, by a tag that is on one version only, or without either the one tagged default. Use it to learn from schema "
            + "which inputs an invoke takes, and from tags what routes lead there. None: a LookupError that lists the versions and tags there are. "
            + "Next: kitaru_deployments_invoke(flow, version or tag, inputs).",
        Hints = ToolHints.Read,
        Arguments = [DeploymentArguments.Flow(), DeploymentArguments.VersionOrNull("without either the tag default is meant."), DeploymentArguments.TagOrNull()],
        Output = DeploymentShapes.Result(),
        CallAsync = async (call, cancellationToken) =>
        {
            await call.Backend.OpenAsync(cancellationToken);
            var deployment = await call.Backend.Client.Deployments
                .GetAsync(call.Text("flow"), DeploymentArguments.VersionOf(call), call.TextOrNull("tag"), cancellationToken);
            return ToolAnswer.Of(DeploymentJson.Of(deployment.Record));
        },
    };
}
