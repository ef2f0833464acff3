using System.Reflection;

namespace Kitaru.Quickstart;

/// <summary>Where everything lies. Nothing is written outside <see cref="Work"/>.</summary>
/// <param name="Work">This run's own folder: store, ledger and the server's log.</param>
internal sealed record Places(string Work)
{
    /// <summary>The folder of this example.</summary>
    public static string Example { get; } = Recorded("QuickstartFolder");

    /// <summary>The built kitaru-mcp.dll.</summary>
    public static string Server { get; } = Recorded("KitaruMcpServer");

    public static string Flow { get; } = Path.Combine(Example, "flows", "SupportInbox.cs");

    public static string Tickets { get; } = Path.Combine(Example, "tickets");

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Example, "..", ".."));

    /// <summary>The store of this run, so that your own executions stay out of it.</summary>
    public string Config => Path.Combine(Work, "config");

    public string Ledger => Path.Combine(Work, "ledger.txt");

    public string ServerLog => Path.Combine(Work, "kitaru-mcp.log");

    /// <summary>The folder that was named on the command line, else one under artifacts that every run starts afresh.</summary>
    public static Places For(string[] args)
    {
        var places = new Places(args is [var folder, ..] ? Path.GetFullPath(folder) : Path.Combine(Repository, "artifacts", "quickstart"));
        if (args.Length == 0 && Directory.Exists(places.Work))
            Directory.Delete(places.Work, recursive: true);
        Directory.CreateDirectory(places.Work);
        return places;
    }

    private static string Recorded(string key) => typeof(Places).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == key && !string.IsNullOrEmpty(attribute.Value)).Value!;
}
