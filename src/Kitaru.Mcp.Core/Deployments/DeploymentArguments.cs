using System.Globalization;
using Kitaru.Core;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>Arguments that the tools of deployments share.</summary>
internal static class DeploymentArguments
{
    public static Argument Flow() => Argument.Text(
        "flow", "The flow's exact name; no path, no target.", required: true, example: "research_agent");

    /// <summary>A version that may be left out.</summary>
    public static Argument VersionOrNull(string otherwise) => Argument.Integer(
        "version", $"The version, from 1. Give version or tag, not both; {otherwise}", least: 1, most: int.MaxValue);

    public static Argument Version(string description)
    {
        var version = Argument.Integer("version", description, least: 1, most: int.MaxValue);
        version.Schema["examples"] = new System.Text.Json.Nodes.JsonArray(2);
        return version with { Required = true };
    }

    public static Argument TagOrNull() => Argument.Text(
        "tag", "A tag on exactly one version. Not with version.", example: "canary");

    public static Argument Tag(string description) => Argument.Text("tag", description, required: true, example: "canary");

    /// <summary>A deployment to narrow a search by: an id, deleted or not, or with the argument flow a version.</summary>
    public static Argument Filter() => Argument.TextOrNumber(
        "deployment", "Only those of this deployment: its id, or with flow its version.", example: "0199c0de-0000-7000-8000-000000000000");

    public static async Task<DeploymentId?> FilterOfAsync(ToolCall call, IControlPlane kitaru, CancellationToken cancellationToken)
    {
        if (call.Any("deployment")?.ToString().Trim() is not { } text)
            return null;
        if (Guid.TryParse(text, out var id))
            return new DeploymentId(id);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw ArgumentCheck.Error("deployment", "a deployment_id (a UUID), or a version together with flow", call.Any("deployment"), "\"0199c0de-0000-7000-8000-000000000000\"");
        var flow = call.TextOrNull("flow")
            ?? throw ArgumentCheck.Error("flow", $"the flow whose version {version} is meant", null, "\"research_agent\"");
        return (await kitaru.Deployments.ResolveAsync(flow, version, null, cancellationToken)).Id;
    }

    public static int? VersionOf(ToolCall call) => (int?)call.IntegerOrNull("version");
}
