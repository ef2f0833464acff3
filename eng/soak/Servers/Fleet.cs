using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Kitaru.PostgresForTests;

namespace Kitaru.Soak;

/// <summary>Two servers on one PostgreSQL and four long-lived workers, two for each server; each is started again after it was killed, as a machine's supervisor would.</summary>
internal sealed class Fleet : IDisposable
{
    private static readonly string Mcp = typeof(Fleet).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Server").Value!;

    private readonly string _root;
    private readonly PostgresCluster _database;

    private Fleet(string root, PostgresCluster database)
    {
        (_root, _database) = (root, database);
        Servers = [.. Enumerable.Range(0, 2).Select(i => Server(i))];
        Workers = [.. Enumerable.Range(0, 4).Select(i => Worker(i, Urls[i % 2]))];
    }

    /// <summary>What an administrator authenticates with.</summary>
    public string Secret { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The servers' addresses.</summary>
    public IReadOnlyList<string> Urls { get; } = [$"http://127.0.0.1:{Ports.Free()}", $"http://127.0.0.1:{Ports.Free()}"];

    public IReadOnlyList<Machine> Servers { get; }

    public IReadOnlyList<Machine> Workers { get; }

    /// <summary>Of this database alone: others may run on the machine.</summary>
    public IReadOnlyList<int> DatabaseProcesses => [_database.ProcessId, .. Machine.ChildrenOf(_database.ProcessId)];

    /// <summary>Starts everything; null where PostgreSQL cannot be had.</summary>
    public static Fleet? Start(string root, out string? missing)
    {
        if (PostgresCluster.TryStart(durable: true, out missing) is not { } database)
            return null;
        var fleet = new Fleet(root, database);
        foreach (var machine in fleet.Servers.Concat(fleet.Workers))
            machine.Start();
        return fleet;
    }

    /// <summary>As if the power had failed, then started again.</summary>
    public async Task PullThePlugAsync(TimeSpan away)
    {
        _database.Stop("immediate");
        await Task.Delay(away, TimeProvider.System);
        _database.Start();
    }

    public void Dispose()
    {
        foreach (var machine in Workers.Concat(Servers))
            machine.Dispose();
        // Worker processes end when they find that who started them is gone, and the server with them: not waited for.
        World.Do("pkill", "-KILL", "-f", _root);
        _database.Dispose();
    }

    private Machine Server(int i) => new($"server {i}", Path.Combine(_root, $"server{i}.log"), () => Program(
        Path.Combine(Path.GetDirectoryName(Mcp)!, "server", "kitaru-server.dll"), Folder($"server{i}"),
        ["--urls", Urls[i], "--database", _database.ConnectionString], ("KITARU_SERVER_ADMIN_SECRET", Secret)));

    private Machine Worker(int i, string url) => new($"worker {i}", Path.Combine(_root, $"worker{i}.log"), () => Program(
        Path.Combine(Path.GetDirectoryName(Mcp)!, "worker", "Kitaru.Worker.dll"), Folder($"worker{i}"), ["--idle-seconds", "20"],
        ("KITARU_SERVER_URL", url), ("KITARU_AUTH_TOKEN", Secret), ("KITARU_PROJECT", "default")));

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    private static ProcessStartInfo Program(string file, string config, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [file, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_CONFIG_PATH"] = config;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }
}

/// <summary>A program that is started again when it was killed.</summary>
internal sealed class Machine(string name, string log, Func<ProcessStartInfo> program) : IDisposable
{
    private readonly Lock _gate = new();
    private Process? _process;

    public string Name => name;

    public int ProcessId => _process!.Id;

    public void Start()
    {
        var process = Process.Start(program())!;
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>SIGKILL, to it alone or to what it has started as well.</summary>
    public void Kill(bool withChildren)
    {
        if (withChildren)
        {
            foreach (var child in ChildrenOf(ProcessId))
                World.Signal("KILL", child);
        }
        World.Signal("KILL", ProcessId);
        _process!.WaitForExit();
    }

    /// <summary>The worker processes it has started.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
            Kill(withChildren: true);
        _process?.Dispose();
    }

    private void Write(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
            File.AppendAllText(log, line + "\n");
    }
}
