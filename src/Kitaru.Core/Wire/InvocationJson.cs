using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>An execution that was started from a deployment, on the wire (platform.md 1.2).</summary>
public static class InvocationJson
{
    /// <summary>exec_id, flow, selector, execution, warning.</summary>
    /// <param name="id">The execution.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="version">The version that was asked for.</param>
    /// <param name="tag">The tag that was asked for; <c>default</c> when nothing was.</param>
    /// <param name="execution">The execution in full, or null when it could not be read.</param>
    /// <param name="warning">Why it could not, or null.</param>
    public static JsonObject Of(ExecutionId id, string flow, int? version, string? tag, JsonObject? execution, string? warning) => new()
    {
        ["exec_id"] = id.ToString(),
        ["flow"] = flow,
        ["selector"] = Selector(version, tag),
        ["execution"] = execution,
        ["warning"] = warning,
    };

    /// <summary>How a deployment was chosen: version or tag.</summary>
    public static JsonObject Selector(int? version, string? tag) =>
        new() { ["version"] = version, ["tag"] = version is null ? tag ?? DeploymentRules.DefaultTag : null };
}
