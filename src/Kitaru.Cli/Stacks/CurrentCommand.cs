using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack current.</summary>
internal static class CurrentCommand
{
    public static LeafCommand Create() => new("stack.current", "Shows the active stack.", "kitaru stack current", async (call, cancellationToken) =>
    {
        var current = await call.Client.Stacks.CurrentAsync(cancellationToken);
        return Answer.Item(StackJson.Current(current.Stack, current.IsActive), new Snapshot("Kitaru stack", ("Active stack", current.Stack.Name), ("ID", current.Stack.Id.ToString())));
    });
}
