using System.Diagnostics;
using System.Globalization;

namespace Kitaru.EndToEndTests.World;

/// <summary>Programs of the system that do things to processes.</summary>
internal static class SystemCommand
{
    /// <summary>Stops a process and returns when every thread of it stands still: the signal takes its time on a busy machine.</summary>
    public static Task StopAsync(int processId)
    {
        Signal("STOP", processId);
        return Until.TrueAsync(() => StatesOf(processId).All(state => state == 'T'), "the process stands still");
    }

    public static void Signal(string signal, int processId) => Run("kill", $"-{signal}", Text(processId));

    /// <summary>From now on a write behind this many bytes of a file fails in that process.</summary>
    public static void LimitFiles(int processId, string bytes) => Run("prlimit", "--pid", Text(processId), $"--fsize={bytes}:");

    /// <summary>One letter for each thread, behind the name in brackets.</summary>
    private static List<char> StatesOf(int processId)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{processId}/task")
                .Select(task => File.ReadAllText(Path.Combine(task, "stat"))).Select(text => text[text.LastIndexOf(')') + 2])];
        }
        catch (IOException)
        {
            // A thread has just ended.
            return ['R'];
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
    }
}
