using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Connection;

/// <summary>kitaru logout.</summary>
internal static class LogoutCommand
{
    public static LeafCommand Create() => new(
        "logout", "Forgets the login and its key, and stops the local server. Executions are kept.", "kitaru logout", async (call, cancellationToken) =>
        {
            var left = await call.Client.LogoutAsync(cancellationToken);
            var words = left.Mode switch { "remote_server" => "Logged out.", "local_server" => "Stopped the local Kitaru server.", _ => "There was no login." };
            return Answer.Item(left.ToJson(), new Success(words, [.. left.Target is { } target ? [$"Left: {target}"] : (string[])[], "Commands work on the local database now."])) with
            {
                Warnings = left.Warning is { } warning ? [warning] : [],
            };
        });
}
