using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru;

/// <summary>One version of a deployed flow, as it was when it was read; only its tags move.</summary>
public sealed class Deployment
{
    private readonly KitaruClient _client;

    internal Deployment(KitaruClient client, DeploymentRecord record, string? warning = null) => (_client, Record, Warning) = (client, record, warning);

    /// <summary>Everything that is stored of it.</summary>
    public DeploymentRecord Record { get; }

    /// <summary>Its id.</summary>
    public DeploymentId Id => Record.Id;

    /// <summary>The flow's name.</summary>
    public string Flow => Record.Flow;

    /// <summary>Its number among the flow's deployments.</summary>
    public int Version => Record.Version;

    /// <summary>Its tags; true for exclusive ones.</summary>
    public IReadOnlyDictionary<string, bool> Tags => Record.Tags;

    /// <summary>The commit of the source's repository, or null.</summary>
    public string? CommitSha => Record.CommitSha;

    /// <summary>Whether the repository had changes that were not committed, or null.</summary>
    public bool? CommitDirty => Record.CommitDirty;

    /// <summary>Digest of the image it was built into, or null.</summary>
    public string? ImageDigest => Record.ImageDigest;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt => Record.CreatedAt;

    /// <summary>JSON Schema of the inputs of an invocation.</summary>
    public JsonObject? Schema => Record.Schema;

    /// <summary>The stack its executions run on.</summary>
    public string Stack => Record.StackName;

    /// <summary>What was asked for at its deploy and has no effect, or null.</summary>
    public string? Warning { get; }

    /// <summary>Starts an execution of this very version.</summary>
    /// <inheritdoc cref="DeploymentsClient.InvokeAsync"/>
    public Task<ExecutionHandle> InvokeAsync(JsonObject? inputs = null, InvokeOptions? options = null, CancellationToken cancellationToken = default) =>
        _client.Deployments.InvokeAsync(Flow, Version, inputs: inputs, options: options, cancellationToken: cancellationToken);

    /// <summary>Puts a tag on it; an exclusive one leaves every other version. Returns the deployment as it is then.</summary>
    /// <inheritdoc cref="IDeployments.TagAsync"/>
    public Task<Deployment> AddTagAsync(string tag, bool exclusive = false, CancellationToken cancellationToken = default) =>
        _client.Deployments.TagAsync(Flow, Version, tag, exclusive, cancellationToken);

    /// <summary>Takes a tag off it. Returns the deployment as it is then.</summary>
    /// <inheritdoc cref="IDeployments.UntagAsync"/>
    public Task<Deployment> RemoveTagAsync(string tag, CancellationToken cancellationToken = default) =>
        _client.Deployments.UntagAsync(Flow, Version, tag, cancellationToken);

    /// <summary>Deletes it.</summary>
    /// <inheritdoc cref="IDeployments.DeleteAsync"/>
    public Task DeleteAsync(CancellationToken cancellationToken = default) => _client.Deployments.DeleteAsync(Flow, Version, cancellationToken);
}
