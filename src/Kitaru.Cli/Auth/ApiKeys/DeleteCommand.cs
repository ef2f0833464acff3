using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Auth.ApiKeys;

/// <summary>kitaru auth api-keys delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var account = CommonOptions.Argument("SERVICE_ACCOUNT", "Whose key, by name or id.");
        var name = CommonOptions.Argument("NAME_OR_ID", "The key.");
        var yes = CommonOptions.Yes();
        return new LeafCommand("auth.api-keys.delete", "Deletes an API key.", "kitaru auth api-keys delete ci pipeline --yes", async (call, cancellationToken) =>
        {
            await Deletion.ConfirmAsync(call, yes, $"API key {call.Get(name)} of {call.Get(account)}", cancellationToken);
            var key = await call.Client.OpenAccess().DeleteKeyAsync(call.Get(account), call.Get(name), cancellationToken);
            return Answer.Item(
                new JsonObject { ["service_account"] = call.Get(account), ["name_or_id"] = call.Get(name), ["deleted"] = true }, new Success($"Deleted API key {key.Name}.", $"ID: {key.Id}"));
        })
        {
            account,
            name,
            yes,
        };
    }
}
