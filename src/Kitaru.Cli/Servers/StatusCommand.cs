using System.Text.Json.Nodes;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.ControlPlane.LocalServer;

namespace Kitaru.Cli.Servers;

/// <summary>kitaru server status.</summary>
internal static class StatusCommand
{
    public static LeafCommand Create() => new("server.status", "Shows whether the local server runs.", "kitaru server status", (call, _) =>
    {
        var config = call.Client.Directory;
        var registered = LocalServerRegistration.Read(LocalServerRegistration.PathIn(config));
        var isRunning = registered is { IsAlive: true };
        var log = LocalServerRegistration.LogPathIn(config);
        var json = new JsonObject
        {
            ["running"] = isRunning,
            ["url"] = isRunning ? registered!.Url : null,
            ["version"] = isRunning ? registered!.Version : null,
            ["process_id"] = isRunning ? registered!.Process.ProcessId : null,
            ["log"] = File.Exists(log) ? log : null,
        };
        return Task.FromResult(Answer.Item(json, new Snapshot(
            "Kitaru local server",
            ("Running", isRunning ? new Cell("yes", Tone.Good) : new Cell(registered is null ? "no" : "no: it has ended without being stopped")),
            ("URL", json["url"]?.ToString()), ("Version", json["version"]?.ToString()), ("Process", json["process_id"]?.ToString()), ("Log", json["log"]?.ToString()))) with
        {
            Hints = isRunning ? [] : ["kitaru server start starts it; without it commands work on the local database directly."],
        });
    });
}
