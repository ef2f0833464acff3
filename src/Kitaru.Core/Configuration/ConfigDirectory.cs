namespace Kitaru.Core.Configuration;

/// <summary>
/// The config directory and what lies in it (platform.md 4.1): <c>KITARU_CONFIG_PATH</c>, else the platform's own place.
/// Created on first write, readable by its owner only.
/// </summary>
public sealed class ConfigDirectory(string path)
{
    /// <summary>The environment variable that moves it.</summary>
    public const string Variable = "KITARU_CONFIG_PATH";

    /// <summary>Its absolute path.</summary>
    public string Root { get; } = Path.GetFullPath(path);

    /// <summary>The user's settings: the active stack, the server that was logged in to, the active project.</summary>
    public string Settings => Path.Combine(Root, "config.yaml");

    /// <summary>Credentials of servers that were logged in to; for their owner only.</summary>
    public string Credentials => Path.Combine(Root, "credentials.json");

    /// <summary>The local server: what runs, its token, its log.</summary>
    public string LocalServer => Path.Combine(Root, "local_server");

    /// <summary>The embedded store's database file.</summary>
    public string Database => Path.Combine(Root, "local_stores", "kitaru.db");

    /// <summary>The database of what belongs to a whole server: projects, accounts, keys.</summary>
    public string ServerDatabase => Path.Combine(Root, "local_stores", "server.db");

    /// <summary>The folders of projects other than the default one, by id.</summary>
    public string Projects => Path.Combine(Root, "local_stores", "projects");

    /// <summary>Large values, by hash.</summary>
    public string Artifacts => Path.Combine(Root, "local_stores", "artifacts");

    /// <summary>The file whose time of change says when the store was last looked after.</summary>
    public string MaintenanceMark => Path.Combine(Root, "local_stores", "maintenance");

    /// <summary>Staged snapshots, one folder each, by hash.</summary>
    public string Snapshots => Path.Combine(Root, "snapshots");

    /// <summary>Results of builds, by what went into them.</summary>
    public string Builds => Path.Combine(Root, "builds");

    /// <summary>The keys that secrets are encrypted under.</summary>
    public string SecretKeys => Path.Combine(Root, "secrets.keys.json");

    /// <summary>Raw output of workers.</summary>
    public string Workers => Path.Combine(Root, "workers");

    /// <summary>Locks of files that lie elsewhere, where a lock would be litter.</summary>
    public string Locks => Path.Combine(Root, "locks");

    /// <summary>Where the environment and the platform say it is.</summary>
    public static ConfigDirectory Resolve(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } configured)
            return new ConfigDirectory(configured);
        if (OperatingSystem.IsWindows())
            return new ConfigDirectory(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "kitaru"));
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS()
            ? new ConfigDirectory(Path.Combine(home, "Library", "Application Support", "kitaru"))
            : new ConfigDirectory(Path.Combine(home, ".config", "kitaru"));
    }

    /// <summary>Creates a folder of it, and what is missing above, for their owner only.</summary>
    public static void Ensure(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }
        if (Directory.Exists(folder))
            return;
        // One level at a time: .NET gives the mode to the last one only.
        if (Path.GetDirectoryName(folder) is { Length: > 0 } parent)
            Ensure(parent);
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
