using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Deployments on the wire (platform.md 1.2): the contract's keys in its order, ours after them.</summary>
public static class DeploymentJson
{
    /// <summary>A deployment; ours: inputs, image, cache, retries, target, snapshot_id.</summary>
    public static JsonObject Of(DeploymentRecord deployment) => Json(
        deployment.Id, deployment.Flow, deployment.Version, deployment.Tags, deployment.CommitSha, deployment.CommitDirty, deployment.ImageDigest,
        deployment.CreatedAt, deployment.Schema, deployment.StackName, deployment.Inputs, deployment.Spec, deployment.Retries, deployment.Target, deployment.Snapshot);

    /// <summary>A deployment that is not stored: no id, no number, no time.</summary>
    public static JsonObject Of(NewDeployment deployment) => Json(
        null, deployment.Flow, null, deployment.Tags, deployment.CommitSha, deployment.CommitDirty, null,
        null, deployment.Schema, deployment.StackName, deployment.Inputs, deployment.Spec, deployment.Retries, deployment.Target, deployment.Snapshot);

    /// <summary>The answer to a delete.</summary>
    public static JsonObject Deleted(string flow, int version) => new() { ["flow"] = flow, ["version"] = version, ["deleted"] = true };

    private static JsonObject Json(
        DeploymentId? id, string flow, int? version, IReadOnlyDictionary<string, bool> tags, string? commit, bool? isDirty, string? digest,
        DateTimeOffset? createdAt, JsonObject? schema, string stack, JsonObject inputs, JsonObject spec, int retries, string target, SnapshotId snapshot) => new()
        {
            ["deployment_id"] = id?.ToString(),
            ["flow"] = flow,
            ["version"] = version,
            ["tags"] = new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
            ["commit_sha"] = commit,
            ["commit_dirty"] = isDirty,
            ["image_digest"] = digest,
            ["created_at"] = WireTime.Text(createdAt),
            ["schema"] = schema?.DeepClone(),
            ["stack"] = stack,
            ["inputs"] = inputs.DeepClone(),
            ["image"] = (spec["resolved_execution"] as JsonObject)?["image"]?.DeepClone(),
            ["cache"] = (spec["resolved_execution"] as JsonObject)?["cache"]?.DeepClone(),
            ["retries"] = retries,
            ["target"] = target,
            ["snapshot_id"] = snapshot.Value,
        };
}
