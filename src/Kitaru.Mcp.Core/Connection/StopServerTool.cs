using System.Text.Json.Nodes;
using Kitaru.Mcp.Schemas;
using Kitaru.Mcp.Tools;

namespace Kitaru.Mcp.Connection;

/// <summary>kitaru_stop_local_server.</summary>
internal static class StopServerTool
{
    public static KitaruTool Create() => new()
    {
        Name = "kitaru_stop_local_server",
        Title = "Stop the local server",
        Description =
            "Stops the server that kitaru_start_local_server started. Nothing is lost: executions that run are handed over and go on, on the same local database. None runs: "
            + "stopped=false. Never a server elsewhere.",
        Hints = new ToolHints(ReadOnly: false, Destructive: false, Idempotent: true, OpenWorld: false),
        Needs = ToolNeeds.Machine,
        NeedsNoKey = true,
        Output = ResultSchema.Object(
            "What was stopped.",
            ("stopped", Shape.Flag("Whether a server ran.")),
            ("url", Shape.OrNull(Shape.Text("Its address; null when none was registered.")))),
        CallAsync = async (call, cancellationToken) =>
        {
            var stopped = await call.Backend.Client.LocalServer.StopAsync(cancellationToken);
            return ToolAnswer.Of(new JsonObject { ["stopped"] = stopped.Stopped, ["url"] = stopped.Url });
        },
    };
}
