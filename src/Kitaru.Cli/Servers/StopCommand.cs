using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Servers;

/// <summary>kitaru server stop.</summary>
internal static class StopCommand
{
    public static LeafCommand Create() => new("server.stop", "Stops the local server. Nothing is lost: commands work on its database directly.", "kitaru server stop", async (call, cancellationToken) =>
    {
        var stopped = await Working.RunAsync(call, "stopping the server", _ => call.Client.LocalServer.StopAsync(cancellationToken));
        return Answer.Item(
            new JsonObject { ["stopped"] = stopped.Stopped, ["url"] = stopped.Url },
            new Success(stopped.Stopped ? "Stopped the local Kitaru server." : "No local Kitaru server ran.", [.. stopped.Url is { } url ? [$"URL: {url}"] : (string[])[]]));
    });
}
