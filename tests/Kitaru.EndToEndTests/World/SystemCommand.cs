using System.Diagnostics;
using System.Globalization;

namespace Kitaru.EndToEndTests.World;

/// <summary>Programs of the system that do things to processes.</summary>
internal static class SystemCommand
{
    public static void Signal(string signal, int processId) => Run("kill", $"-{signal}", Text(processId));

    /// <summary>From now on a write behind this many bytes of a file fails in that process.</summary>
    public static void LimitFiles(int processId, string bytes) => Run("prlimit", "--pid", Text(processId), $"--fsize={bytes}:");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
    }
}
