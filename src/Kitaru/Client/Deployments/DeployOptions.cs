using System.Text.Json.Nodes;

namespace Kitaru;

/// <summary>How to deploy a flow. Everything but the tags is frozen: an invocation changes inputs only.</summary>
public sealed record DeployOptions
{
    /// <summary>Inputs that every invocation starts from, by parameter name; those that are left out must be given then, or have a default in the code.</summary>
    public JsonObject? Inputs { get; init; }

    /// <summary>Tags of the new version; true for exclusive ones, which leave the older versions. <c>default</c> is always exclusive.</summary>
    public IReadOnlyDictionary<string, bool> Tags { get; init; } = new Dictionary<string, bool>();

    /// <summary>Whether the flow's first deployment gets the tag <c>default</c> besides <see cref="Tags"/>.</summary>
    /// <value>Default: true.</value>
    public bool DefaultOnFirst { get; init; } = true;

    /// <summary>The stack its executions run on, by name or id.</summary>
    /// <value>Default: what the next layer says, in the end the active stack (docs/configuration.md).</value>
    public string? Stack { get; init; }

    /// <summary>What its processes are made of; merged with the image of lower layers.</summary>
    public ImageSettings? Image { get; init; }

    /// <summary>Whether checkpoints may reuse results of other executions; null leaves it to each checkpoint.</summary>
    /// <value>Default: what the next layer says.</value>
    public bool? Cache { get; init; }

    /// <summary>How often the whole flow is tried again after a failure.</summary>
    /// <value>Default: what the next layer says, in the end 0.</value>
    public int? Retries { get; init; }

    /// <summary>Where relative targets start from.</summary>
    /// <value>Default: the process's working directory.</value>
    public string? WorkingDirectory { get; init; }

    internal ExecutionSettings Settings => new() { Stack = Stack, Image = Image, Cache = Cache, Retries = Retries };

    internal string Folder => WorkingDirectory ?? Environment.CurrentDirectory;
}

/// <summary>What a deploy would store, and what it would mean for the executions under way.</summary>
/// <param name="Deployment">The deployment; it has no number yet.</param>
/// <param name="InFlight">Executions of the flow that have not ended and run another version or other code.</param>
/// <param name="Checks">Whether what those recorded fits the new code.</param>
/// <param name="Warning">What was asked for and has no effect, or null.</param>
public sealed record DeploymentPlan(Core.NewDeployment Deployment, Core.OtherCodeInFlight InFlight, IReadOnlyList<ReplayCheck> Checks, string? Warning);

/// <summary>How to start an execution of a deployment.</summary>
public sealed record InvokeOptions
{
    /// <summary>Free labels of the execution.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>A second invocation with the same key returns the first execution; with another flow or other inputs it is refused.</summary>
    public string? IdempotencyKey { get; init; }
}
