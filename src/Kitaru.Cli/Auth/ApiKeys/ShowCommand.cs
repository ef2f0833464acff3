using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys show.</summary>
internal static class ShowCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose key, by name or id.");
        var name = CommonOptions.Argument("NAME_OR_ID", "The key.");
        return new LeafCommand("auth.api-keys.show", "Shows an API key, without its secret.", "kitaru auth api-keys show ci pipeline", async (call, cancellationToken) =>
        {
            var key = await call.Client.OpenAccess().GetKeyAsync(call.Get(account), call.Get(name), cancellationToken);
            return Answer.Item(AccessJson.Of(key), KeyView.Of(key));
        })
        {
            account,
            name,
        };
    }
}
