using System.Diagnostics;
using System.Globalization;

namespace Kitaru.EndToEndTests.World;

/// <summary>Processes whose command line or environment names a test's folder: what the test started, and whatever that started.</summary>
internal static class OwnProcesses
{
    /// <summary>The SDK's compile server: all builds of a user share it, whoever came first started it, and it ends by itself.</summary>
    private const string CompileServer = "VBCSCompiler";

    internal sealed record Found(int Id, string CommandLine);

    public static IReadOnlyList<Found> Of(string root) =>
        [.. (OperatingSystem.IsLinux() ? OnLinux(root) : FromPs(root)).Where(found => !found.CommandLine.Contains(CompileServer, StringComparison.Ordinal))];

    private static List<Found> OnLinux(string root)
    {
        var found = new List<Found>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == Environment.ProcessId)
                continue;
            // A zombie has neither.
            var command = Read(folder + "/cmdline");
            if (command.Length > 0 && (command.Contains(root, StringComparison.Ordinal) || Read(folder + "/environ").Contains(root, StringComparison.Ordinal)))
                found.Add(new Found(id, command.Replace('\0', ' ')));
        }
        return found;
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static List<Found> FromPs(string root)
    {
        if (OperatingSystem.IsWindows())
            return [];
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-axww", "-o", "pid=,command="]) { RedirectStandardOutput = true })!;
        var lines = ps.StandardOutput.ReadToEnd().Split('\n').Select(line => line.Trim()).Where(line => line.Contains(root, StringComparison.Ordinal));
        return [.. lines.Select(line => line.Split(' ', 2)).Select(parts => new Found(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1]))];
    }
}
