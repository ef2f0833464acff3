using System.CommandLine;
using Kitaru.Cli.Commands;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys create.</summary>
internal static class CreateCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose key, by name or id.");
        var name = CommonOptions.Argument("NAME", "Its name, unique among the account's keys.");
        var description = new Option<string>("--description") { Description = "What it is for.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var setKey = CommonOptions.Flag("--set-key", "Log this machine in with it.");
        return new LeafCommand("auth.api-keys.create", "Makes an API key. It is shown this once.", "kitaru auth api-keys create ci pipeline", async (call, cancellationToken) =>
        {
            var issued = await call.Client.OpenAccess().CreateKeyAsync(call.Get(account), new NewApiKey { Name = call.Get(name), Description = call.Get(description) }, cancellationToken);
            return await KeyView.IssuedAsync(call, issued, call.Get(setKey), cancellationToken);
        })
        {
            account,
            name,
            description,
            setKey,
        };
    }
}
