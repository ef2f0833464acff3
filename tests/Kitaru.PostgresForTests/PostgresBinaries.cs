using System.Diagnostics;

namespace Kitaru.PostgresForTests;

/// <summary>Where PostgreSQL's programs are on this machine.</summary>
internal static class PostgresBinaries
{
    private static readonly string[] Parents = OperatingSystem.IsWindows()
        ? [@"C:\Program Files\PostgreSQL"]
        : ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

    /// <summary>The folder with initdb and pg_ctl, installed first where that may be; null when there is none.</summary>
    public static string? Find()
    {
        if (Look() is { } found)
            return found;
        if (OperatingSystem.IsLinux() && Environment.UserName == "root" && Script() is { } script)
            Process.Start(new ProcessStartInfo(script) { RedirectStandardOutput = true, RedirectStandardError = true })?.WaitForExit();
        return Look();
    }

    private static string? Look()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var installed = Parents.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder).Replace("postgresql@", "", StringComparison.Ordinal), out var version) ? version : 0)
            .Select(folder => Path.Combine(folder, "bin"));
        return path.Concat(installed).FirstOrDefault(folder => Has(folder, "initdb") && Has(folder, "pg_ctl"));
    }

    private static bool Has(string folder, string program) => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program));

    private static string? Script()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kitaru.slnx")))
                return Path.Combine(folder.FullName, "eng", "postgres");
        }
        return null;
    }
}
