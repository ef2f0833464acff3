namespace Kitaru.Core;

/// <summary>One row of the requirement matrix (platform.md 2.2).</summary>
/// <param name="Name">The field.</param>
/// <param name="RequiredBy">The types that need it.</param>
/// <param name="OptionalFor">The types that take it. All others refuse it.</param>
/// <param name="Get">Its text; null when it was not given, blank text counts as given.</param>
internal sealed record StackField(string Name, string[] RequiredBy, string[] OptionalFor, Func<StackRequest, string?> Get)
{
    private const string Kubernetes = "kubernetes";
    private const string Vertex = "vertex";
    private const string SageMaker = "sagemaker";
    private const string AzureML = "azureml";

    public static readonly IReadOnlyList<string> Types = [StackRecord.LocalType, Kubernetes, Vertex, SageMaker, AzureML];

    private static readonly string[] Remote = [Kubernetes, Vertex, SageMaker, AzureML];

    // In the order in which missing ones are named.
    public static readonly IReadOnlyList<StackField> All =
    [
        new("artifact_store", Remote, [], request => request.ArtifactStore),
        new("container_registry", Remote, [], request => request.ContainerRegistry),
        new("cluster", [Kubernetes], [], request => request.Cluster),
        new("region", [Kubernetes, Vertex, SageMaker], [AzureML], request => request.Region),
        new("subscription_id", [AzureML], [], request => request.SubscriptionId),
        new("resource_group", [AzureML], [], request => request.ResourceGroup),
        new("workspace", [AzureML], [], request => request.Workspace),
        new("execution_role", [SageMaker], [], request => request.ExecutionRole),
        new("namespace", [], [Kubernetes], request => request.Namespace),
        new("credentials", [], Remote, request => request.Credentials),
        new("verify", [], Remote, request => request.Verify ? null : "false"),
        new("async_mode", [], Remote, request => request.Async ? "true" : null),
    ];

    /// <summary>The types that take the field, in the order of <see cref="Types"/>.</summary>
    public IReadOnlyList<string> Takers => [.. Types.Where(type => RequiredBy.Contains(type) || OptionalFor.Contains(type))];
}
