using System.Diagnostics;
using System.Text;

namespace Kitaru.EndToEndTests;

/// <summary>Runs <c>dotnet</c> with a folder and an environment of its own.</summary>
/// <param name="Folder">The working directory.</param>
/// <param name="Environment">Variables that differ from ours.</param>
internal sealed record DotnetCommand(string Folder, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(4);

    /// <summary>How it ended, and all it wrote.</summary>
    public sealed record Ending(int Code, string Output);

    /// <summary>Runs it to its end; a build server never stays behind.</summary>
    public async Task<Ending> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["MSBUILDDISABLENODEREUSE"] = "1",
                ["MSBUILDTERMINALLOGGER"] = "off",
                ["UseSharedCompilation"] = "false",
                ["DOTNET_CLI_UI_LANGUAGE"] = "en",
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (output)
                output.AppendLine(line.Data);
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var over = new CancellationTokenSource(TimeMax);
        try
        {
            await process.WaitForExitAsync(over.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} did not end within {TimeMax}:\n{output}");
        }
        return new Ending(process.ExitCode, output.ToString());
    }

    /// <summary>Runs it and returns what it wrote; anything but success fails the test with that text.</summary>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        code.ShouldBe(0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }
}
