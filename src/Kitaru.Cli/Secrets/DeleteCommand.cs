using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Secrets;

/// <summary>kitaru secrets delete.</summary>
internal static class DeleteCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME_OR_ID", "The secret.");
        return new LeafCommand("secrets.delete", "Deletes a secret, without asking.", "kitaru secrets delete openai", async (call, cancellationToken) =>
        {
            var found = await SecretLookup.FindAsync(call.Client, call.Get(name), cancellationToken);
            var secret = await call.Client.Secrets.DeleteAsync(found.Id.ToString(), cancellationToken);
            var json = SecretJson.Of(secret);
            json["result"] = "deleted";
            return Answer.Item(json, new Success($"Deleted secret {secret.Name}.", $"ID: {secret.Id}"));
        })
        {
            name,
        };
    }
}
