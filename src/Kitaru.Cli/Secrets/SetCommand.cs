using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core.Wire;

namespace Kitaru.Cli.Secrets;

/// <summary>kitaru secrets set.</summary>
internal static class SetCommand
{
    public static LeafCommand Create()
    {
        var name = CommonOptions.Argument("NAME", "The secret's name, then its values: --KEY=value, --KEY=@file, or --KEY=- for standard input.");
        var isPrivate = CommonOptions.Flag("--private", "Only you may read it. Has no effect on a secret that is there.");
        return new LeafCommand(
            "secrets.set", "Makes a secret, or adds and replaces values of one. Standard input and files keep values out of the shell's history.", "kitaru secrets set openai --API_KEY=-",
            async (call, cancellationToken) =>
            {
                var values = await SecretAssignments.ReadAsync(call, cancellationToken);
                var (secret, created) = await call.Client.Secrets.SetAsync(call.Get(name), values, call.Get(isPrivate), cancellationToken);
                var json = SecretJson.Of(secret);
                json["result"] = created ? "created" : "updated";
                return Answer.Item(json, new Success(
                    $"{(created ? "Created" : "Updated")} secret {secret.Name}.", $"ID: {secret.Id}", $"Visibility: {(secret.IsPrivate ? "private" : "public")}", $"Keys: {string.Join(", ", secret.Keys)}"));
            })
        {
            name,
            isPrivate,
        }.WithFreeTokens();
    }
}
