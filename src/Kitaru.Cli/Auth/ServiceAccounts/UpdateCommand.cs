using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts update.</summary>
internal static class UpdateCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The service account.");
        var newName = CommonOptions.Text("--name", "NAME", "Another name.");
        var description = CommonOptions.Text("--description", "TEXT", "Another description.");
        var active = new Switch("active", "Its keys are accepted.", "Its keys are refused, everywhere within 5 seconds.");
        return new LeafCommand("auth.service-accounts.update", "Changes a service account.", "kitaru auth service-accounts update ci --no-active", async (call, cancellationToken) =>
        {
            var change = new ServiceAccountChange { Name = call.Get(newName), Description = call.Get(description), IsActive = active.Get(call) };
            if (change == new ServiceAccountChange())
                throw new KitaruUsageException("Nothing is to be changed.", "Give --name, --description, --active or --no-active.");
            var account = await call.Client.OpenAccess().UpdateAccountAsync(call.Get(name), change, cancellationToken);
            return Answer.Item(AccessJson.Of(account), AccountView.Of(account));
        })
        {
            name,
            newName,
            description,
            active,
        };
    }
}
