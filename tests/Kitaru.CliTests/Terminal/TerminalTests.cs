using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kitaru.CliTests.Runs;

namespace Kitaru.CliTests.Terminal;

/// <summary>The program in a real terminal: what is on the screen while a flow runs, asks and ends.</summary>
public partial class TerminalTests
{
    private const int Rows = 40;

    [NeedsTmuxTheory]
    [InlineData(80)]
    [InlineData(200)]
    public async Task Run_OnATerminal_ShowsCheckpointsAndAsksAndEnds(int columns)
    {
        await using var world = new FlowWorld();
        await using var terminal = await TmuxTerminal.StartAsync(world.Cli, columns, Rows);

        await terminal.EnterAsync($"kitaru run {FlowWorld.Target}:gated --input '{{\"folder\": \".\"}}'");
        await MatchAsync(terminal, world, $"run-{columns}-running", "gathering notes", "gather_notes  running");
        world.Cli.Write("notes", "");
        await MatchAsync(terminal, world, $"run-{columns}-asking", "[c]ontinue, [a]bort, [s]kip, [q]uit?");
        await terminal.EnterAsync("c");
        await terminal.SeeAsync("Approved (y/n):");
        await terminal.EnterAsync("y");
        await terminal.SeeAsync("Tone (1-2):");
        await terminal.EnterAsync("wram");
        await terminal.SeeAsync("Did you mean 'Warm'?");
        await terminal.EnterAsync("2");
        await terminal.SeeAsync("Note (text");
        await terminal.EnterAsync("");
        await MatchAsync(terminal, world, $"run-{columns}-answered", "writing the draft", "write_draft   running");
        world.Cli.Write("draft", "");
        await MatchAsync(terminal, world, $"run-{columns}-ended", "draft from notes", "(run it once more from there)\n$");
    }

    [NeedsTmuxTheory]
    [InlineData(80)]
    [InlineData(200)]
    public async Task LogsFollow_OnATerminal_ShowsLinesAndTheQuestionAndTheEnd(int columns)
    {
        await using var world = new FlowWorld();
        await using var terminal = await TmuxTerminal.StartAsync(world.Cli, columns, Rows);
        var id = (await world.StartFlowAsync("gated", new JsonObject { ["folder"] = world.Cli.WorkingDirectory }.ToJsonString(), "--detach"))["exec_id"]!.ToString();

        await terminal.EnterAsync($"kitaru executions logs {id} --follow --grouped -v");
        await terminal.SeeAsync("gathering notes");
        world.Cli.Write("notes", "");
        await terminal.SeeAsync("[Execution is waiting for input on: approve_draft]", "--value");
        world.Cli.Write("draft", "");
        (await world.Cli.RunAsync("executions", "input", id, "--value", """{"Approved": true, "Tone": "Dry"}""")).ShouldSucceed();
        await terminal.SeeAsync("[Execution completed successfully]");
        await MatchAsync(terminal, world, $"logs-{columns}-ended", "[Execution completed successfully]\n$");
    }

    [NeedsTmuxFact]
    public async Task Run_InATerminalThatIsResized_DrawsItsLinesOnce()
    {
        await using var world = new FlowWorld();
        await using var terminal = await TmuxTerminal.StartAsync(world.Cli, 100, Rows);

        await terminal.EnterAsync($"kitaru run {FlowWorld.Target}:gated --input '{{\"folder\": \".\"}}'");
        await terminal.SeeAsync("gather_notes  running");
        foreach (var columns in new[] { 30, 120, 44 })
        {
            await terminal.ResizeAsync(columns, Rows);
            await terminal.SeeAsync(screen => Occurrences(screen, "gather_notes  running") == 1 && Occurrences(screen, "gated  running") == 1, $"each line once at {columns} columns");
        }
        await terminal.TypeAsync("", "C-c");
        await terminal.SeeAsync("Detached:");
        world.Cli.Write("notes", "");
    }

    [NeedsTmuxFact]
    public async Task Run_InterruptedByCtrlC_GoesOnInTheBackgroundAndSaysHowToComeBack()
    {
        await using var world = new FlowWorld();
        await using var terminal = await TmuxTerminal.StartAsync(world.Cli, 120, Rows);

        await terminal.EnterAsync($"kitaru run {FlowWorld.Target}:gated --input '{{\"folder\": \".\"}}'");
        await terminal.SeeAsync("gather_notes  running");
        await terminal.TypeAsync("", "C-c");
        var screen = await terminal.SeeAsync("goes on in the background", "--follow", "kitaru executions cancel");
        await terminal.EnterAsync("echo \"code $?\"");
        await terminal.SeeAsync("code 1");

        world.Cli.Write("notes", "");
        var id = Ids().Match(screen).Value;
        await terminal.EnterAsync($"kitaru executions logs {id} --follow");
        await terminal.SeeAsync("[Execution is waiting for input on: approve_draft]");
        await terminal.TypeAsync("", "C-c");
        await terminal.SeeAsync("[Log follow interrupted]");
    }

    private static async Task MatchAsync(TmuxTerminal terminal, FlowWorld world, string name, params string[] texts) =>
        SnapshotFile.ShouldMatch(Screen.Normalised(await terminal.SeeAsync(texts), world.Cli.WorkingDirectory), $"Snapshots/{name}.txt");

    private static int Occurrences(string text, string part) => text.Split(part).Length - 1;

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Ids();
}
