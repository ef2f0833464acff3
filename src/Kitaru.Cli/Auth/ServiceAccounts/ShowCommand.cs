using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The service account.");
        return new LeafCommand("auth.service-accounts.show", "Shows a service account.", "kitaru auth service-accounts show ci", async (call, cancellationToken) =>
        {
            var account = await call.Client.OpenAccess().GetAccountAsync(call.Get(name), cancellationToken);
            return Answer.Item(AccessJson.Of(account), AccountView.Of(account));
        })
        {
            name,
        };
    }
}
