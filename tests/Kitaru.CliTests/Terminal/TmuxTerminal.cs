using System.Diagnostics;
using System.Globalization;
using Kitaru.CliTests.Runs;

namespace Kitaru.CliTests.Terminal;

/// <summary>A shell in a terminal of tmux, with the program on its path as <c>kitaru</c>.</summary>
internal sealed class TmuxTerminal : IAsyncDisposable
{
    private static readonly TimeSpan SeenMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _socket = $"kitaru-{Guid.CreateVersion7():N}";
    private readonly string _programs;

    private TmuxTerminal(string programs) => _programs = programs;

    /// <summary>Why there is none; null when there is.</summary>
    public static string? Missing { get; } = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "tmux"))) == true
        ? null
        : "tmux is not installed; eng/tmux does it where it may.";

    public static async Task<TmuxTerminal> StartAsync(CliWorld world, int columns, int rows)
    {
        var folder = Directory.CreateDirectory(Path.Combine(world.WorkingDirectory, "bin")).FullName;
        var program = world.Write("bin/kitaru", $"#!/bin/sh\nexec dotnet '{Path.Combine(FlowWorld.Program, "Kitaru.Cli.dll")}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var terminal = new TmuxTerminal(folder);
        var variables = new Dictionary<string, string>(world.Variables)
        {
            ["LC_ALL"] = "C.UTF-8",
            // What an interactive shell reads first; root's prompt would be another.
            ["ENV"] = world.Write("bin/prompt", "PS1='$ '\n"),
        };
        string[] size = ["-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture)];
        await terminal.TmuxAsync(["-f", "/dev/null", "new-session", "-d", .. size, "-c", world.WorkingDirectory, .. variables.SelectMany(pair => (string[])["-e", $"{pair.Key}={pair.Value}"]), "sh"]);
        try
        {
            await terminal.SeeAsync("$");
            return terminal;
        }
        catch (TimeoutException)
        {
            await terminal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Types a text and the keys that follow, such as Enter or C-c.</summary>
    public async Task TypeAsync(string text, params string[] keys)
    {
        if (text.Length > 0)
            await TmuxAsync("send-keys", "-l", text);
        if (keys.Length > 0)
            await TmuxAsync(["send-keys", .. keys]);
    }

    /// <summary>Runs a command line.</summary>
    public Task EnterAsync(string line) => TypeAsync(line, "Enter");

    public Task ResizeAsync(int columns, int rows) => TmuxAsync(
        "resize-window", "-x", columns.ToString(CultureInfo.InvariantCulture), "-y", rows.ToString(CultureInfo.InvariantCulture));

    /// <summary>What is on the screen.</summary>
    public async Task<string> ScreenAsync() => (await TmuxAsync("capture-pane", "-p")).TrimEnd('\n') + "\n";

    /// <summary>Waits until the screen has all of these.</summary>
    public Task<string> SeeAsync(params string[] texts) => SeeAsync(screen => Array.TrueForAll(texts, text => screen.Contains(text, StringComparison.Ordinal)), string.Join(" and ", texts));

    /// <summary>Waits until the screen is so.</summary>
    public async Task<string> SeeAsync(Predicate<string> condition, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        var screen = await ScreenAsync();
        while (!condition(screen))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > SeenMax)
                throw new TimeoutException($"Not on the screen: {what}\n{screen}");
            await Task.Delay(Look, TimeProvider.System);
            screen = await ScreenAsync();
        }
        return screen;
    }

    public async ValueTask DisposeAsync() => await TmuxAsync("kill-server");

    private async Task<string> TmuxAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux", ["-u", "-L", _socket, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // A pane has the path of whoever asked for it.
        start.Environment["PATH"] = $"{_programs}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, $"tmux {string.Join(' ', arguments)}: {await error}");
        return await output;
    }
}
