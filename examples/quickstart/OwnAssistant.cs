using System.Text.Json;

namespace Kitaru.Quickstart;

/// <summary>The lines to paste.</summary>
internal static class OwnAssistant
{
    public static void Print(Transcript transcript, Places places)
    {
        var script = Path.Combine(Places.Repository, "eng", OperatingSystem.IsWindows() ? "kitaru-mcp.cmd" : "kitaru-mcp");
        transcript.Title("Give it to your own assistant");
        transcript.Line("Claude Code, for the project you are in:");
        transcript.Line($"    claude mcp add kitaru -- {Quoted(script)}");
        transcript.Line("or .mcp.json in a project's root, which most assistants read:");
        transcript.Line($$"""
                { "mcpServers": { "kitaru": { "command": {{JsonSerializer.Serialize(script)}}, "args": [] } } }
            """);
        transcript.Line("then ask it, for example:");
        transcript.Line($"    Run {Places.Flow}:work_inbox with folder {Places.Tickets} and ledger {places.Ledger}, and tell me what it asks.");
        transcript.Line("");
        transcript.Line($"This run's store stays in {places.Config} until the next run.");
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
