using System.Diagnostics;
using System.Text;

namespace Kitaru.ControlPlane.Targets;

/// <summary>How a tool ended.</summary>
internal sealed record ToolResult(int ExitCode, string Output);

/// <summary>Runs a build tool to its end: no shell, no console, its own pipes, its whole tree ended on cancel.</summary>
internal sealed class ToolProcess(TimeProvider time)
{
    private const int OutputCharsMax = 4 * 1024 * 1024;

    // Something the tool left behind may hold its pipes open; what was written by then is all there is.
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    public async Task<ToolResult> RunAsync(
        string program, IEnumerable<string> arguments, string workingDirectory, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        CleanEnvironment(start.Environment);
        using var process = Start(start);
        process.StandardInput.Close();
        var output = new StringBuilder();
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, output));
        try
        {
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        using var drained = new CancellationTokenSource();
        await Task.WhenAny(reading, Task.Delay(DrainTime, time, drained.Token)).ConfigureAwait(false);
        await drained.CancelAsync().ConfigureAwait(false);
        lock (output)
            return new ToolResult(process.ExitCode, output.ToString());
    }

    private static Process Start(ProcessStartInfo start)
    {
        OwnHandles.KeepFromChildren();
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new KitaruRuntimeException(
                $"The tool '{start.FileName}' could not be started: {e.Message}.", "Check the .NET installation: dotnet --info.", e);
        }
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder output)
    {
        while (await reader.ReadLineAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
        {
            lock (output)
            {
                if (output.Length < OutputCharsMax)
                    output.Append(line).Append('\n');
            }
        }
    }

    /// <summary>A program that was itself started by an SDK (a test run, <c>dotnet run</c>) must not hand its SDK's settings down.</summary>
    private static void CleanEnvironment(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            environment.Remove(name);
        // Set inside a git hook, they would point at another repository.
        foreach (var name in new[] { "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE" })
            environment.Remove(name);
        environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        environment["DOTNET_NOLOGO"] = "1";
        environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        environment["MSBUILDDISABLENODEREUSE"] = "1";
        environment["MSBUILDTERMINALLOGGER"] = "off";
        // A server collector costs a short-lived compiler more than it gives.
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_TieredPGO"] = "0";
    }
}
