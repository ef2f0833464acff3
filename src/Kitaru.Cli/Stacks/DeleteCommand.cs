using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("STACK", "The stack, by name or id.");
        var recursive = CommonOptions.Flag("--recursive", "Its components too. Nothing in a cloud is touched.");
        var force = CommonOptions.Flag("--force", "Also when it is the active one: the built-in stack becomes active.");
        return new LeafCommand("stack.delete", "Deletes a stack. Its executions are kept.", "kitaru stack delete local-dev", async (call, cancellationToken) =>
        {
            var deleted = await call.Client.Stacks.DeleteAsync(call.Get(name), call.Get(recursive), call.Get(force), cancellationToken);
            var json = StackJson.Deleted(deleted.Stack, deleted.Recursive, deleted.NewActive);
            return Answer.Item(json, new Success(
                $"Deleted stack {deleted.Stack.Name}.",
                [.. json["components_deleted"]!.AsArray().Select(component => $"Component: {component}"), .. deleted.NewActive is { } active ? [$"Active stack: {active}"] : (string[])[]]));
        })
        {
            name,
            recursive,
            force,
        };
    }
}
