using Kitaru.Cli.Auth.ServiceAccounts;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys list.</summary>
internal static class ListCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose keys, by name or id.");
        var options = new AccessOptions();
        var command = new LeafCommand("auth.api-keys.list", "Lists an account's API keys, without their secrets.", "kitaru auth api-keys list ci", async (call, cancellationToken) =>
        {
            var page = await call.Client.OpenAccess().ListKeysAsync(call.Get(account), options.Query(call), cancellationToken);
            return Answer.List(page.Items.Select(AccessJson.Of), new Table(
                "Kitaru API keys", ["ID", "Name", "Active", "Last rotated"],
                [.. page.Items.Select(key => (Cell[])[Cell.Id(key.Id), key.Name, AccountView.Active(key.IsActive), Cell.Time(key.LastRotated)])])
            {
                Note = options.Paging.Note(call, page.Items.Count, page.Total),
            });
        })
        {
            account,
        };
        options.AddTo(command);
        return command;
    }
}
