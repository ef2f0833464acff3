using System.Diagnostics;
using System.Runtime.InteropServices;
using Kitaru.Cli.Commands;
using Kitaru.Cli.Output;
using Kitaru.Core;

namespace Kitaru.Cli.Servers;

/// <summary>Another program of Kitaru's in the foreground: on this terminal, ended with this one, its exit code ours.</summary>
internal static partial class ForegroundProgram
{
    private const int Terminate = 15;

    /// <exception cref="KitaruFeatureNotAvailableException">It is not there.</exception>
    public static async Task<Answer> RunAsync(CommandCall call, string assembly, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        if (!File.Exists(assembly))
            throw new KitaruFeatureNotAvailableException($"'{assembly}' is not there.", "Install kitaru again.");
        var start = new ProcessStartInfo(Host()) { UseShellExecute = false, WorkingDirectory = call.Host.WorkingDirectory };
        foreach (var argument in arguments.Prepend(assembly).Prepend("exec"))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A terminal tells everybody; who was told by a signal alone passes it on.
            End(process);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return Answer.Written(process.ExitCode);
    }

    /// <summary>The .NET that runs this program.</summary>
    public static string Host()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return Environment.ProcessPath is { } own && Path.GetFileName(own) == name ? own : File.Exists(beside) ? beside : name;
    }

    private static void End(Process process)
    {
        if (OperatingSystem.IsWindows())
            process.Kill();
        else if (!process.HasExited)
            _ = Signal(process.Id, Terminate);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
