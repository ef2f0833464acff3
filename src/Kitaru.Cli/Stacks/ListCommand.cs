using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create()
    {
        var paging = new Paging();
        return new LeafCommand("stack.list", "Lists stacks, the built-in one first.", "kitaru stack list", async (call, cancellationToken) =>
        {
            var all = await call.Client.Stacks.ListAsync(cancellationToken);
            var shown = paging.Take(call, all);
            List<Snapshot.Row> rows = [.. shown.Select(item => (Snapshot.Row)(item.Stack.Name, $"{item.Stack.Id}{(item.IsActive ? " (active)" : "")}"))];
            if (paging.Note(call, shown.Count, all.Count) is { } note)
                rows.Add(("Page", note));
            return Answer.List(shown.Select(item => StackJson.Item(item.Stack, item.IsActive)), new Snapshot("Kitaru stacks", [.. rows]));
        })
        {
            paging.Page,
            paging.Size,
        };
    }
}
