using Kitaru.Core.Wire;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Stacks;

/// <summary>kitaru_stacks_list.</summary>
internal static class ListTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_stacks_list",
        Title = "List stacks",
        Description =
            "Lists all stacks: the places executions run on. The built-in 'default' (this machine) is always there; is_active marks the one used when nobody names a stack. Look "
            + "here before you name or make one (manage_stack).",
        Hints = ToolHints.Read,
        Output = ResultSchema.List("All stacks, the built-in one first, the others by name.", Shape.Object(
            "A stack.",
            ("id", Shape.Text("Its id; works wherever a name does.")),
            ("name", Shape.Text("Its name.")),
            ("is_active", Shape.Flag("Whether executions run on it for which nobody names a stack.")),
            ("is_managed", Shape.Flag("Whether it was made with Kitaru; false for the built-in one.")))),
        CallAsync = async (call, cancellationToken) =>
        {
            await call.Backend.OpenAsync(cancellationToken);
            var stacks = await call.Backend.Client.Stacks.ListAsync(cancellationToken);
            return ToolAnswer.OfList(stacks.Select(info => StackJson.Item(info.Stack, info.IsActive)), stacks.Count, nextCursor: null);
        },
    };
}
