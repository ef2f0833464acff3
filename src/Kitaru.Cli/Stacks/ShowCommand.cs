using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Stacks;

/// <summary>kitaru stack show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The stack.");
        return new LeafCommand("stack.show", "Shows a stack and its components.", "kitaru stack show default", async (call, cancellationToken) =>
        {
            var found = await FindAsync(call.Client, call.Get(name), cancellationToken);
            var json = StackJson.Show(found.Stack, found.IsActive);
            return Answer.Item(json, new Snapshot(
                "Kitaru stack", ("Name", found.Stack.Name), ("ID", found.Stack.Id.ToString()), ("Type", found.Stack.Type), ("Active", found.IsActive ? "yes" : "no"),
                ("Managed", found.Stack.IsManaged ? "yes" : "no"))
            {
                Sections = [.. json["components"]!.AsArray().Select(component => Section(component!.AsObject()))],
            });
        })
        {
            name,
        };
    }

    /// <summary>The id wins over the name.</summary>
    public static async Task<StackInfo> FindAsync(KitaruClient client, string nameOrId, CancellationToken cancellationToken)
    {
        var all = await client.Stacks.ListAsync(cancellationToken);
        var text = nameOrId.Trim();
        return all.FirstOrDefault(item => item.Stack.Id.ToString() == text) ?? all.FirstOrDefault(item => item.Stack.Name == text) ?? throw new KitaruStateException(
            $"There is no stack '{Texts.Short(text, 80)}'.{Texts.DidYouMean(text, all.Select(item => item.Stack.Name))}", "kitaru stack list shows what there is.");
    }

    private static Snapshot.Section Section(JsonObject component) => new(
        component["role"]!.ToString() switch { "runner" => "Runner", "storage" => "Storage", "image_registry" => "Image registry", var other => other },
        [("Name", component["name"]!.ToString()), ("Backend", component["backend"]?.ToString()), .. (component["details"] as JsonObject ?? []).Select(pair => (Snapshot.Row)(pair.Key, pair.Value?.ToString()))]);
}
