using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Deployments;

/// <summary>Arguments that the tools of deployments share.</summary>
internal static class DeploymentArguments
{
    public static Argument Flow() => Argument.Text(
        "flow", "The flow's exact name: flow of kitaru_deployments_list. Not a path and not a target.", required: true, example: "research_agent");

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
        "tag", "A tag that is on exactly one version, upper and lower case differ. Give version or tag, not both.", example: "canary");

    public static Argument Tag(string description) => Argument.Text("tag", description, required: true, example: "canary");

    public static int? VersionOf(ToolCall call) => (int?)call.IntegerOrNull("version");
}
