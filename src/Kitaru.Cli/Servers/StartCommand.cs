using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;

namespace Kitaru.Cli.Servers;

/// <summary>kitaru server start.</summary>
internal static class StartCommand
{
    public static LeafCommand Create()
    {
        var port = CommonOptions.Number("--port", "Where it listens on 127.0.0.1; else the port it has, 8383, or a free one.", 1, 65535);
        var timeout = CommonOptions.Number("--timeout", "How many seconds it may take.", 1, 600, preset: 60);
        return new LeafCommand("server.start", "Starts the local server, which goes on by itself. Commands use it from then on.", "kitaru server start --port 8383", async (call, cancellationToken) =>
        {
            var started = await Working.RunAsync(
                call, "starting the server", _ => call.Client.LocalServer.StartAsync(call.Get(port), TimeSpan.FromSeconds(call.Get(timeout)!.Value), cancellationToken));
            return Answer.Item(
                new JsonObject { ["mode"] = "local", ["url"] = started.Url, ["action"] = started.Action },
                new Success(started.Action == "connected" ? "The local Kitaru server runs already." : $"The local Kitaru server was {started.Action}.", $"URL: {started.Url}"));
        })
        {
            port,
            timeout,
        };
    }
}
