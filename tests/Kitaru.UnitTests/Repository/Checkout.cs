using System.Diagnostics;

namespace Kitaru.UnitTests.Repository;

/// <summary>The repository that these tests were built from.</summary>
public static class Checkout
{
    private static readonly string[] BinaryExtensions = [".png", ".ico", ".db", ".dll", ".zip"];

    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Everything that is committed or about to be.</summary>
    public static IReadOnlyList<RepositoryFile> Files { get; } = [.. Git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        .Where(path => !BinaryExtensions.Contains(Path.GetExtension(path)) && File.Exists(Path.Combine(Root, path)))
        .Select(path => new RepositoryFile(path, File.ReadAllText(Path.Combine(Root, path))))];

    /// <summary>What is committed or staged.</summary>
    public static IReadOnlySet<string> Tracked { get; } = Git("ls-files", "-z", "--cached").ToHashSet();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Kitaru.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Kitaru.slnx above {AppContext.BaseDirectory}.");
    }

    private static string[] Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", $"safe.directory={Root}", .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0)
            throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {git.ExitCode} in {Root}.");
        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
