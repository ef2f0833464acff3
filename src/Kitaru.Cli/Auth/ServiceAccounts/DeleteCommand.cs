using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Auth.ServiceAccounts;

/// <summary>kitaru auth service-accounts delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The service account.");
        var yes = CommonOptions.Yes();
        return new LeafCommand("auth.service-accounts.delete", "Deletes a service account with its keys.", "kitaru auth service-accounts delete ci --yes", async (call, cancellationToken) =>
        {
            await Deletion.ConfirmAsync(call, yes, $"service account {call.Get(name)}", cancellationToken);
            var account = await call.Client.OpenAccess().DeleteAccountAsync(call.Get(name), cancellationToken);
            return Answer.Item(
                new JsonObject { ["name_or_id"] = call.Get(name), ["deleted"] = true }, new Success($"Deleted service account {account.Name}.", $"ID: {account.Id}"));
        })
        {
            name,
            yes,
        };
    }
}
