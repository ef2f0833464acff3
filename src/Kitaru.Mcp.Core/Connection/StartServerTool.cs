using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>kitaru_start_local_server.</summary>
internal static class StartServerTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_start_local_server",
        Title = "Start the local server",
        Description =
            "Starts Kitaru's server on this machine, for this user, and answers with its address; it goes on when this session ends. Executions, deployments and secrets are those of the "
            + "local database, and every Kitaru program of this user uses the server from then on. Needed only for what works over HTTP or with projects: without it everything runs on the "
            + "local database. Safe to call again: a server that runs is used (action connected). Next: kitaru_status.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Needs = ToolNeeds.Machine,
        NeedsNoKey = true,
        Arguments =
        [
            Argument.Integer("port", "Where it listens on 127.0.0.1; default: the port it has, else 8383, else a free one. Another port than the one it has restarts it.", 1, 65535),
            Argument.Integer("timeout", "How many seconds the start may take.", 1, 600, 60),
        ],
        Output = ResultSchema.Object(
            "The server that runs now.",
            ("mode", Shape.Text("Always local.")),
            ("url", Shape.Text("Its address.")),
            ("action", Shape.Text("connected when it ran already, started, or restarted."))),
        CallAsync = async (call, cancellationToken) =>
        {
            var started = await call.Backend.Client.LocalServer.StartAsync((int?)call.IntegerOrNull("port"), TimeSpan.FromSeconds(call.Integer("timeout")), cancellationToken);
            return ToolAnswer.Of(new JsonObject { ["mode"] = "local", ["url"] = started.Url, ["action"] = started.Action });
        },
    };
}
