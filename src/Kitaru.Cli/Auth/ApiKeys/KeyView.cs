using System.Text.Json.Nodes;
using Kitaru.Cli.Auth.ServiceAccounts;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>What people see of a key; and of one that was just made, its secret, this once.</summary>
internal static class KeyView
{
    public static Snapshot Of(ApiKey key) => new("Kitaru API key", [.. Rows(key)]);

    /// <summary>A key that was made or rotated; on request it becomes the login of this machine.</summary>
    public static async Task<Answer> IssuedAsync(CommandCall call, IssuedApiKey issued, bool setKey, CancellationToken cancellationToken)
    {
        var error = setKey ? await ActivateAsync(call, issued.Key, cancellationToken) : null;
        var json = AccessJson.Of(issued.ApiKey);
        json["key"] = issued.Key;
        json["local_key_activation_requested"] = setKey;
        json["local_key_activation_succeeded"] = setKey ? error is null : null;
        json["local_key_activation_error"] = error;
        return Answer.Item(json, new Snapshot("Kitaru API key", [.. Rows(issued.ApiKey), ("Key", issued.Key)])
        {
            Warnings = ["This key is shown only once: keep it now.", .. error is null ? [] : (string[])[$"It is not the login of this machine: {error}"]],
        });
    }

    private static async Task<string?> ActivateAsync(CommandCall call, string key, CancellationToken cancellationToken)
    {
        try
        {
            await call.Client.LoginAsync(call.Client.ReadConnection().ServerUrl!, key, cancellationToken: cancellationToken);
            return null;
        }
        catch (KitaruException fault)
        {
            return CliWords.Of(fault.NextStep is null ? fault.Message : $"{fault.Message} {fault.NextStep}");
        }
    }

    private static Snapshot.Row[] Rows(ApiKey key) =>
    [
        ("Name", key.Name), ("ID", key.Id.ToString()), ("Service account", key.ServiceAccountName), ("Description", key.Description is "" ? null : key.Description),
        ("Active", AccountView.Active(key.IsActive)), ("Created", Cell.Time(key.CreatedAt)), ("Last login", Cell.Time(key.LastLogin)), ("Last rotated", Cell.Time(key.LastRotated)),
        ("Expires", key.ExpiresAt is { } end ? Cell.Time(end) : null),
    ];
}
