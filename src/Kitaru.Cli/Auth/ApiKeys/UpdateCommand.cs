using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys update.</summary>
internal static class UpdateCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose key, by name or id.");
        var name = CommonOptions.Argument("NAME_OR_ID", "The key.");
        var newName = CommonOptions.Text("--name", "NAME", "Another name.");
        var description = CommonOptions.Text("--description", "TEXT", "Another description.");
        var active = new Switch("active", "It is accepted.", "It is refused, everywhere within 5 seconds.");
        return new LeafCommand("auth.api-keys.update", "Changes an API key.", "kitaru auth api-keys update ci pipeline --no-active", async (call, cancellationToken) =>
        {
            var change = new ApiKeyChange { Name = call.Get(newName), Description = call.Get(description), IsActive = active.Get(call) };
            if (change == new ApiKeyChange())
                throw new KitaruUsageException("Nothing is to be changed.", "Give --name, --description, --active or --no-active.");
            var key = await call.Client.OpenAccess().UpdateKeyAsync(call.Get(account), call.Get(name), change, cancellationToken);
            return Answer.Item(AccessJson.Of(key), KeyView.Of(key));
        })
        {
            account,
            name,
            newName,
            description,
            active,
        };
    }
}
