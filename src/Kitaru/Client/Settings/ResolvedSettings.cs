using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Client.Settings;

/// <summary>How an execution or a deployment will run: every layer looked at, the stack found, everything checked.</summary>
internal sealed record ResolvedSettings
{
    /// <summary>The name of the stack it runs on.</summary>
    public required string StackName { get; init; }

    /// <summary>The image of all layers together; its values are not hidden.</summary>
    public ImageSettings? Image { get; init; }

    /// <summary>Whether checkpoints may reuse results of other executions; null leaves it to each.</summary>
    public bool? Cache { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    public int Retries { get; init; }

    /// <summary>What its workers are given besides the code.</summary>
    public required WorkerEnvironment Environment { get; init; }

    /// <summary>The frozen execution spec (runtime.md 1.8), secrets hidden.</summary>
    public JsonObject? Spec { get; init; }

    /// <summary>What was asked for and has no effect, or null.</summary>
    public string? Warning { get; init; }
}
