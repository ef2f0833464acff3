using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Kitaru.Client;
using Kitaru.Core;
using Kitaru.Core.Json;

namespace Kitaru;

/// <content>Starting executions of deployments.</content>
public sealed partial class DeploymentsClient
{
    /// <summary>
    /// Starts an execution of a deployed flow; its source is not needed. Inputs are taken over those given at deploy; stack, cache and
    /// retries are what they were then.
    /// </summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="version">The version; or a tag, one of the two.</param>
    /// <param name="tag">A tag that is on exactly one version.</param>
    /// <param name="inputs">Inputs by parameter name.</param>
    /// <param name="options">Options.</param>
    /// <param name="cancellationToken">Stops before anything is stored; an execution that was stored goes on.</param>
    /// <exception cref="KitaruUsageException">Neither or both selectors, or inputs that do not fit.</exception>
    /// <exception cref="KitaruLookupException">There is no such deployment.</exception>
    /// <exception cref="KitaruStateException">The tag is on several versions, or its code is no longer there.</exception>
    public Task<ExecutionHandle> InvokeAsync(
        string flow, int? version = null, string? tag = null, JsonObject? inputs = null, InvokeOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (version is null && tag is null)
        {
            throw new KitaruUsageException(
                $"Neither version nor tag of flow '{Texts.Short(flow, 80)}' was given.", "Pass a version, or a tag such as \"default\".");
        }
        return InvokeSelectedAsync(flow, version, tag, inputs, options, cancellationToken);
    }

    /// <summary>Starts an execution of the version that is tagged <c>default</c>.</summary>
    /// <inheritdoc cref="InvokeAsync"/>
    public Task<ExecutionHandle> InvokeDefaultAsync(
        string flow, JsonObject? inputs = null, InvokeOptions? options = null, CancellationToken cancellationToken = default) =>
        InvokeSelectedAsync(flow, null, null, inputs, options, cancellationToken);

    internal async Task<ExecutionHandle> InvokeSelectedAsync(
        string flow, int? version, string? tag, JsonObject? inputs, InvokeOptions? options, CancellationToken cancellationToken)
    {
        options ??= new InvokeOptions();
        var started = await _client.StartAsync(
            options.IdempotencyKey, "Deployments.InvokeAsync",
            new JsonObject
            {
                ["flow"] = flow,
                ["version"] = version,
                ["tag"] = tag,
                ["inputs"] = inputs?.DeepClone(),
                ["tags"] = new JsonArray([.. options.Tags.Select(label => (JsonNode)label)]),
            },
            client => client.Deployments.StartSelectedAsync(flow, version, tag, inputs, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        return new ExecutionHandle(_client, started.Id);
    }

    private async Task<StartedExecution> StartSelectedAsync(
        string flow, int? version, string? tag, JsonObject? inputs, InvokeOptions options, CancellationToken cancellationToken)
    {
        var controlPlane = await _client.OpenAsync(cancellationToken).ConfigureAwait(false);
        var deployment = await controlPlane.Deployments.ResolveAsync(flow, version, tag, cancellationToken).ConfigureAwait(false);
        var definition = await FlowOfAsync(controlPlane, deployment, cancellationToken).ConfigureAwait(false);
        await CheckStackAsync(controlPlane, deployment, cancellationToken).ConfigureAwait(false);
        var bound = InputBinder.Bind(definition, inputs, deployment.Inputs);
        var selected = new JsonObject { ["deployment_id"] = deployment.Id.ToString(), ["version"] = deployment.Version };
        if (version is null)
            selected["tag"] = tag?.Trim() ?? DeploymentRules.DefaultTag;
        var record = await controlPlane.Executions.CreateAsync(new NewExecution
        {
            Id = new ExecutionId(Guid.CreateVersion7(_client.Time.GetUtcNow())),
            FlowName = deployment.Flow,
            Snapshot = deployment.Snapshot,
            Target = deployment.Target,
            Source = deployment.Source,
            Inputs = StoredValue.Of(StoredValue.Json, "inputs", KitaruJson.WriteBytes(bound)),
            StackName = deployment.StackName,
            Environment = await controlPlane.Workers.GetEnvironmentAsync(deployment.Environment, cancellationToken).ConfigureAwait(false),
            Deployment = new DeploymentReference(deployment.Id, deployment.Version),
            Retries = deployment.Retries,
            IdempotencyKey = _client.StoredKey,
            Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))),
            Tags = options.Tags,
            Spec = deployment.Spec,
            Metadata = new JsonObject { ["kitaru_deployment"] = selected },
        }, cancellationToken).ConfigureAwait(false);
        return new StartedExecution(record.Id, Warning: null);
    }

    /// <summary>What it runs on is frozen, but the stack may be gone, or be one that nothing here runs executions on.</summary>
    private static async Task CheckStackAsync(IControlPlane controlPlane, DeploymentRecord deployment, CancellationToken cancellationToken)
    {
        var stack = await controlPlane.Stacks.FindAsync(deployment.StackName, cancellationToken).ConfigureAwait(false)
            ?? throw new KitaruStateException(
                $"Version {deployment.Version} of flow '{deployment.Flow}' runs on the stack '{deployment.StackName}', which is no longer there; nothing was started.",
                "Deploy the flow again with kitaru_deployments_deploy on a stack of kitaru_stacks_list, or make the stack again.");
        _ = await controlPlane.Stacks.PrepareAsync(stack, image: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Its code is marked as used first: should the deployment be deleted in this moment, the code stays for the new execution.</summary>
    private static async Task<Core.Flows.FlowDefinition> FlowOfAsync(IControlPlane controlPlane, DeploymentRecord deployment, CancellationToken cancellationToken)
    {
        var isKept = await controlPlane.Snapshots.HasContentAsync(deployment.Snapshot, cancellationToken).ConfigureAwait(false);
        var snapshot = await controlPlane.Snapshots.FindAsync(deployment.Snapshot, cancellationToken).ConfigureAwait(false);
        return (isKept ? snapshot : null)?.Manifest.Flows.FirstOrDefault(flow => flow.Name == deployment.Flow)
            ?? throw new KitaruStateException(
                $"The compiled code of version {deployment.Version} of flow '{deployment.Flow}' (snapshot {Texts.Short(deployment.Snapshot.Value, 12)}) is no longer there; nothing was started.",
                "Deploy the flow again with kitaru_deployments_deploy, and invoke the new version.");
    }
}
