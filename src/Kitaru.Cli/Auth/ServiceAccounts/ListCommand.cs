using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create()
    {
        var options = new AccessOptions();
        var command = new LeafCommand("auth.service-accounts.list", "Lists service accounts.", "kitaru auth service-accounts list --active", async (call, cancellationToken) =>
        {
            var page = await call.Client.OpenAccess().ListAccountsAsync(options.Query(call), cancellationToken);
            return Answer.List(page.Items.Select(AccessJson.Of), new Table(
                "Kitaru service accounts", ["ID", "Name", "Active", "Created"],
                [.. page.Items.Select(account => (Cell[])[Cell.Id(account.Id), account.Name, AccountView.Active(account.IsActive), Cell.Time(account.CreatedAt)])])
            {
                Note = options.Paging.Note(call, page.Items.Count, page.Total),
            });
        });
        options.AddTo(command);
        return command;
    }
}
