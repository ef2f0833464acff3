using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>A stack as somebody asks for it (platform.md 2.2). Nothing of it is checked yet.</summary>
public sealed record StackRequest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>local</c>, <c>kubernetes</c>, <c>vertex</c>, <c>sagemaker</c> or <c>azureml</c>, in any case.</summary>
    public string Type { get; init; } = StackRecord.LocalType;

    /// <summary>Where values are stored: <c>s3://</c>, <c>gs://</c>, <c>az://</c>, <c>abfs://</c> or <c>abfss://</c> and a bucket.</summary>
    public string? ArtifactStore { get; init; }

    /// <summary>Where images are stored.</summary>
    public string? ContainerRegistry { get; init; }

    /// <summary>The Kubernetes cluster.</summary>
    public string? Cluster { get; init; }

    /// <summary>The provider's region.</summary>
    public string? Region { get; init; }

    /// <summary>The Azure subscription.</summary>
    public string? SubscriptionId { get; init; }

    /// <summary>The Azure resource group.</summary>
    public string? ResourceGroup { get; init; }

    /// <summary>The AzureML workspace.</summary>
    public string? Workspace { get; init; }

    /// <summary>The AWS role that SageMaker takes.</summary>
    public string? ExecutionRole { get; init; }

    /// <summary>The Kubernetes namespace.</summary>
    public string? Namespace { get; init; }

    /// <summary>How to log in there (platform.md 2.3); null for what the environment has.</summary>
    public string? Credentials { get; init; }

    /// <summary>Options of its components: <c>{"orchestrator": {…}, "artifact_store": {…}, "container_registry": {…}}</c>.</summary>
    public JsonObject? Extra { get; init; }

    /// <summary>Whether a submission does not wait for the end.</summary>
    public bool Async { get; init; }

    /// <summary>Whether credentials are to be tried out before they are stored.</summary>
    public bool Verify { get; init; } = true;
}
