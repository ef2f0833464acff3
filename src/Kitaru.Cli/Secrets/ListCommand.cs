using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Secrets;

/// <summary>kitaru secrets list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create()
    {
        var paging = new Paging();
        return new LeafCommand("secrets.list", "Lists secrets: names and keys, never values.", "kitaru secrets list", async (call, cancellationToken) =>
        {
            var all = await call.Client.Secrets.ListAsync(cancellationToken);
            var shown = paging.Take(call, all);
            return Answer.List(shown.Select(SecretJson.Of), new Table(
                "Kitaru secrets", ["ID", "Name", "Visibility", "Keys"],
                [.. shown.Select(secret => (Cell[])[Cell.Id(secret.Id), secret.Name, secret.IsPrivate ? "private" : "public", string.Join(", ", secret.Keys)])])
            {
                Note = paging.Note(call, shown.Count, all.Count),
            });
        })
        {
            paging.Page,
            paging.Size,
        };
    }
}
