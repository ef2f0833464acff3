using System.Diagnostics;

namespace Kitaru.CliTests.Runs;

/// <summary>The program as a process of its own, called as a script calls it.</summary>
internal static class CliProcess
{
    public static async Task<CliResult> RunAsync(CliWorld world, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(FlowWorld.Program, "Kitaru.Cli.dll"), .. args])
        {
            WorkingDirectory = world.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in world.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CliResult(process.ExitCode, (await output).ReplaceLineEndings("\n"), (await error).ReplaceLineEndings("\n"));
    }
}
