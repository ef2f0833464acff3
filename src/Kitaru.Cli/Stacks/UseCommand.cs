using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack use.</summary>
internal static class UseCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("STACK", "The stack, by name or id.");
        return new LeafCommand("stack.use", "Makes a stack the active one: of the project you are in, else of you.", "kitaru stack use local-dev", async (call, cancellationToken) =>
        {
            var used = await call.Client.Stacks.UseAsync(call.Get(name), cancellationToken);
            return Answer.Item(StackJson.Current(used.Stack, used.IsActive), new Success($"Active stack: {used.Stack.Name}.", $"ID: {used.Stack.Id}"));
        })
        {
            name,
        };
    }
}
