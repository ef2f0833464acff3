using System.Text.Json.Nodes;

namespace Kitaru.Core.Wire;

/// <summary>Stacks as JSON (platform.md 2.7). No credentials are in any of it.</summary>
public static class StackJson
{
    /// <summary>An item of a list.</summary>
    public static JsonObject Item(StackRecord stack, bool isActive) => new()
    {
        ["id"] = stack.Id.ToString(),
        ["name"] = stack.Name,
        ["is_active"] = isActive,
        ["is_managed"] = stack.IsManaged,
    };

    /// <summary>The one in use.</summary>
    public static JsonObject Current(StackRecord stack, bool isActive) => new()
    {
        ["id"] = stack.Id.ToString(),
        ["name"] = stack.Name,
        ["is_active"] = isActive,
    };

    /// <summary>One that was made.</summary>
    public static JsonObject Created(StackRecord stack, bool isActive, string? previous)
    {
        var json = new JsonObject
        {
            ["id"] = stack.Id.ToString(),
            ["name"] = stack.Name,
            ["is_active"] = isActive,
            ["previous_active_stack"] = previous,
            ["components_created"] = ComponentNames(stack),
            ["stack_type"] = stack.Type,
        };
        if (StackComponent.ResourcesOf(stack) is { } resources)
        {
            json["service_connectors_created"] = new JsonArray(stack.Name);
            json["resources"] = resources;
        }
        return json;
    }

    /// <summary>One that was deleted.</summary>
    public static JsonObject Deleted(StackRecord stack, bool recursive, string? newActive) => new()
    {
        ["deleted_stack"] = stack.Name,
        ["components_deleted"] = recursive ? ComponentNames(stack) : [],
        ["new_active_stack"] = newActive,
        ["recursive"] = recursive,
    };

    /// <summary>All of one.</summary>
    public static JsonObject Show(StackRecord stack, bool isActive)
    {
        var json = Item(stack, isActive);
        json["stack_type"] = stack.Type;
        json["components"] = new JsonArray([.. StackComponent.Of(stack).Select(Component)]);
        return json;
    }

    private static JsonNode Component(StackComponent component)
    {
        var json = new JsonObject { ["role"] = component.Role, ["name"] = component.Name, ["backend"] = component.Backend };
        if (component.Details.Count > 0)
            json["details"] = component.Details.DeepClone();
        return json;
    }

    private static JsonArray ComponentNames(StackRecord stack) =>
        [.. StackComponent.Of(stack).Select(component => (JsonNode)$"{component.Name} ({component.Kind})")];
}
