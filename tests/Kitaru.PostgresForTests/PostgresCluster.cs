using System.Diagnostics;
using System.Security.Cryptography;

namespace Kitaru.PostgresForTests;

/// <summary>
/// A PostgreSQL of our own: in a temporary folder, on a free port of the loopback interface, with a password. It ends with this process; what a killed
/// process left is cleared away by the next one.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private const string FolderPrefix = "kitaru-postgres-";
    private const string User = "kitaru";
    private const string Settings =
        "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB -c max_locks_per_transaction=256";

    /// <summary>As root, a folder of root's own would not let PostgreSQL's user in.</summary>
    private static readonly string Parent = IsRoot ? "/tmp" : Path.GetTempPath();

    private static readonly Lock Sync = new();
    private static PostgresCluster? _shared;
    private static string? _missing;

    private readonly string _binaries;
    private readonly string _folder;
    private readonly string _password = Convert.ToHexString(RandomNumberGenerator.GetBytes(12));
    private readonly string _more;

    private PostgresCluster(string binaries, bool durable)
    {
        _binaries = binaries;
        _folder = Path.Combine(Parent, $"{FolderPrefix}{Environment.ProcessId}-{Convert.ToHexString(RandomNumberGenerator.GetBytes(3))}");
        _more = durable ? "" : " -c fsync=off -c synchronous_commit=off -c full_page_writes=off";
        Port = Ports.Free();
    }

    /// <summary>Why there is none; null when there is one.</summary>
    public static string? Missing
    {
        get
        {
            _ = Shared;
            return _missing;
        }
    }

    /// <summary>The one that all tests of this process share; it does not flush to the disk. Null where PostgreSQL cannot be had.</summary>
    public static PostgresCluster? Shared
    {
        get
        {
            lock (Sync)
            {
                if (_shared is null && _missing is null)
                {
                    _shared = TryStart(durable: false, out _missing);
                    if (_shared is { } started)
                        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.Dispose();
                }
                return _shared;
            }
        }
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The process that started all its others.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>For a client.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=postgres;Username={User};Password={_password}";

    /// <summary>Starts one; null where PostgreSQL cannot be had.</summary>
    /// <param name="durable">Whether it flushes to the disk: for measuring and for pulling plugs.</param>
    /// <param name="why">What is missing.</param>
    public static PostgresCluster? TryStart(bool durable, out string? why)
    {
        why = null;
        if (PostgresBinaries.Find() is not { } binaries)
        {
            why = "PostgreSQL is not installed: initdb and pg_ctl are neither on PATH nor in the usual folders (on Debian: apt-get install postgresql)";
            return null;
        }
        ClearLeftovers(binaries);
        var cluster = new PostgresCluster(binaries, durable);
        try
        {
            cluster.Make();
            cluster.Start();
            return cluster;
        }
        catch (InvalidOperationException error)
        {
            cluster.Dispose();
            why = $"a private PostgreSQL could not be started: {error.Message}";
            return null;
        }
    }

    /// <summary>Starts it, again after <see cref="Stop"/>.</summary>
    public void Start() => Run("pg_ctl", "-D", Data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o", $"-p {Port} {Settings}{_more}", "start");

    /// <summary>Stops it: <c>fast</c>, or <c>immediate</c> as if the power had failed.</summary>
    public void Stop(string mode) => Run("pg_ctl", "-D", Data, "-w", "-m", mode, "stop");

    /// <summary>Stops it and removes its folder.</summary>
    public void Dispose() => Clear(_binaries, _folder);

    private string Data => Path.Combine(_folder, "data");

    private void Make()
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(_folder);
        else
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, _password);
        // PostgreSQL refuses to run as root.
        if (IsRoot)
            Execute("chown", ["-R", "postgres", _folder]);
        Run("initdb", "-D", Data, "-U", User, "--pwfile", passwordFile, "-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync");
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    private void Run(string program, params string[] arguments) => Run(_binaries, program, arguments);

    private static void Run(string binaries, string program, string[] arguments)
    {
        var path = Path.Combine(binaries, program);
        if (IsRoot)
            Execute("runuser", ["-u", "postgres", "--", path, .. arguments]);
        else
            Execute(path, arguments);
    }

    private static void Execute(string program, string[] arguments)
    {
        // Its output is not ours to hold: the server keeps what it inherits open.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Parent, RedirectStandardInput = true, UseShellExecute = false };
        var isStart = arguments is [.., "start"];
        start.RedirectStandardOutput = start.RedirectStandardError = !isStart;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        if (isStart)
        {
            process.WaitForExit();
        }
        else
        {
            var errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}: {errors.Result.Trim()}");
        }
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{Path.GetFileName(program)} ended with {process.ExitCode}");
    }

    /// <summary>Of processes that are gone.</summary>
    private static void ClearLeftovers(string binaries)
    {
        foreach (var folder in Directory.GetDirectories(Parent, FolderPrefix + "*"))
        {
            var name = Path.GetFileName(folder)[FolderPrefix.Length..].Split('-')[0];
            if (int.TryParse(name, out var owner) && !IsRunning(owner))
                Clear(binaries, folder);
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var running = Process.GetProcessById(process);
            return !running.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Clear(string binaries, string folder)
    {
        try
        {
            if (File.Exists(Path.Combine(folder, "data", "postmaster.pid")))
                Run(binaries, "pg_ctl", ["-D", Path.Combine(folder, "data"), "-w", "-m", "immediate", "stop"]);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }
}
