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
            "Starts Kitaru's server on this machine for this user, and answers its address; it goes on when this session ends and serves the same executions. Only for what works "
            + "over HTTP or with projects. One that runs is used (action connected). Next: kitaru_status.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Needs = ToolNeeds.Machine,
        NeedsNoKey = true,
        Arguments =
        [
            Argument.Integer("port", "Its port; left out: 8383 or a free one. Another one restarts it.", 1, 65535),
            Argument.Integer("timeout", "Seconds the start may take.", 1, 600, 60),
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
