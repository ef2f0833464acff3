using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Deployed flows on the wire (platform.md 1.2).</summary>
public static class FlowJson
{
    /// <summary>One flow in short: flow, deployment_count, latest_version, default_version, tags, deployments.</summary>
    /// <param name="flow">Its name.</param>
    /// <param name="deployments">All of its deployments.</param>
    public static JsonObject Of(string flow, IEnumerable<DeploymentRecord> deployments)
    {
        List<DeploymentRecord> versions = [.. deployments.OrderBy(deployment => deployment.Version)];
        return new JsonObject
        {
            ["flow"] = flow,
            ["deployment_count"] = versions.Count,
            ["latest_version"] = versions.Count > 0 ? versions[^1].Version : null,
            ["default_version"] = versions.Find(deployment => deployment.Tags.ContainsKey(DeploymentRules.DefaultTag))?.Version,
            ["tags"] = Tags(versions),
            ["deployments"] = new JsonArray([.. versions.Select(DeploymentJson.Of)]),
        };
    }

    private static JsonObject Tags(List<DeploymentRecord> versions)
    {
        var tags = new JsonObject();
        foreach (var tag in versions.SelectMany(deployment => deployment.Tags.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            tags[tag] = new JsonArray([.. versions.Where(deployment => deployment.Tags.ContainsKey(tag)).Select(deployment => (JsonNode)deployment.Version)]);
        return tags;
    }
}
