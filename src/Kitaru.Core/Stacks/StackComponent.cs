using System.Text.Json.Nodes;

namespace Kitaru.Core;

/// <summary>One component of a stack (platform.md 2.6). A component belongs to its stack: it bears its name and goes with it.</summary>
/// <param name="Role"><c>runner</c>, <c>storage</c> or <c>image_registry</c>.</param>
/// <param name="Kind"><c>orchestrator</c>, <c>artifact_store</c> or <c>container_registry</c>.</param>
/// <param name="Name">The stack's name.</param>
/// <param name="Backend">What it is made with.</param>
/// <param name="Details">Where it is.</param>
public sealed record StackComponent(string Role, string Kind, string Name, string Backend, JsonObject Details)
{
    /// <summary>The components of a stack: runner, storage, registry.</summary>
    public static IReadOnlyList<StackComponent> Of(StackRecord stack)
    {
        if (stack.Type == StackRecord.LocalType)
            return [new("runner", "orchestrator", stack.Name, "local", []), new("storage", "artifact_store", stack.Name, "local", [])];
        var provider = stack.Settings["provider"]?.ToString();
        var store = provider switch { StackProvider.Aws => "s3", StackProvider.Gcp => "gcp", _ => "azure" };
        return
        [
            new("runner", "orchestrator", stack.Name, stack.Type, Take(stack, stack.Type switch
            {
                "kubernetes" => ["cluster", "region", "namespace"],
                "vertex" => [],
                "sagemaker" => ["region", "execution_role"],
                _ => ["subscription_id", "resource_group", "workspace"],
            }, stack.Type is "vertex" or "azureml" ? "region" : null)),
            new("storage", "artifact_store", stack.Name, store, Take(stack, [], "artifact_store")),
            new("image_registry", "container_registry", stack.Name, provider ?? "", Take(stack, [], "container_registry")),
        ];
    }

    /// <summary>What a stack that is not local uses, under the contract's names and in its order; null for a local one.</summary>
    public static JsonObject? ResourcesOf(StackRecord stack) => stack.Type switch
    {
        "kubernetes" => Take(stack, ["provider", "cluster", "region", "namespace", "artifact_store", "container_registry"], null),
        "vertex" => Take(stack, ["provider", "region", "artifact_store", "container_registry"], null),
        "sagemaker" => Take(stack, ["provider", "region", "artifact_store", "container_registry", "execution_role"], null),
        "azureml" => Take(stack, ["provider", "subscription_id", "resource_group", "workspace", "artifact_store", "container_registry", "region"], null),
        _ => null,
    };

    private static JsonObject Take(StackRecord stack, string[] fields, string? location)
    {
        var result = new JsonObject();
        foreach (var field in fields)
        {
            if (stack.Settings[field] is { } value)
                result[field] = value.DeepClone();
        }
        if (location is not null && stack.Settings[location] is { } place)
            result["location"] = place.DeepClone();
        return result;
    }
}
