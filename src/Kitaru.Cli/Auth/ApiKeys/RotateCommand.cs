using Kitaru.Cli.Commands;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys rotate.</summary>
internal static class RotateCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose key, by name or id.");
        var name = CommonOptions.Argument("NAME_OR_ID", "The key.");
        var retain = CommonOptions.Number("--retain-minutes", "How long the present secret is accepted too.", 0, 525_600, preset: 0);
        var setKey = CommonOptions.Flag("--set-key", "Log this machine in with it.");
        return new LeafCommand("auth.api-keys.rotate", "Gives an API key another secret. It is shown this once.", "kitaru auth api-keys rotate ci pipeline --retain-minutes 60", async (call, cancellationToken) =>
        {
            var issued = await call.Client.OpenAccess().RotateKeyAsync(call.Get(account), call.Get(name), call.Get(retain)!.Value, cancellationToken);
            return await KeyView.IssuedAsync(call, issued, call.Get(setKey), cancellationToken);
        })
        {
            account,
            name,
            retain,
            setKey,
        };
    }
}
