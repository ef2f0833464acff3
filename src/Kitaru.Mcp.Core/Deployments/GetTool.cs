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
            "Answers one deployment: by version, by a tag that is on one version only, or without either the one tagged default. schema says which inputs an invoke takes, tags "
            + "which routes lead there.",
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
