using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Kitaru.Core;

namespace Kitaru.Soak;

/// <summary>A store with flows on it, a folder for everything, and the list of what turned out wrong.</summary>
/// <param name="root">The folder.</param>
/// <param name="config">The config directory.</param>
internal sealed class World(string root, string config) : IAsyncDisposable
{
    public static readonly TimeSpan ProgressMax = TimeSpan.FromMinutes(2);

    private int _subjects;

    public KitaruClient Kitaru { get; } = KitaruClient.Connect(new KitaruClientOptions { ConfigPath = config });

    public string Config => config;

    public List<string> Problems { get; } = [];

    /// <param name="config">The config directory, when it lies elsewhere.</param>
    public static World Create(string? config = null)
    {
        var root = Directory.CreateTempSubdirectory("kitaru-soak-").FullName;
        return new World(root, config ?? Path.Combine(root, "config"));
    }

    public Task<IControlPlane> OpenAsync() => Kitaru.OpenAsync().AsTask();

    /// <summary>Starts an execution with a ledger of its own.</summary>
    public async Task<Subject> StartAsync(int steps, int seed, int bytes = 0)
    {
        var number = Interlocked.Increment(ref _subjects);
        var ledger = Path.Combine(root, $"ledger{number}.txt");
        var handle = await Kitaru.RunTargetAsync(
            FlowFile() + ":mark_steps", new JsonObject { ["ledger"] = ledger, ["steps"] = steps, ["seed"] = seed * 1000 + number, ["bytes"] = bytes });
        return new Subject(handle, ledger, steps);
    }

    public async Task NoWorkersAsync()
    {
        var controlPlane = await OpenAsync();
        var startedAt = TimeProvider.System.GetTimestamp();
        while ((await controlPlane.Workers.ListAsync()).Count > 0 && TimeProvider.System.GetElapsedTime(startedAt) < ProgressMax)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
    }

    public static async Task WaitAsync(Func<bool> condition, string what, TimeSpan? max = null)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(startedAt) > (max ?? ProgressMax))
                throw new TimeoutException($"Waited {(max ?? ProgressMax).TotalSeconds:0} s: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        }
    }

    /// <summary>Runs a program of the system, such as kill; false when it says no.</summary>
    public static bool Do(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Stops a process and returns when every thread of it stands still: the signal takes its time on a busy machine.</summary>
    public static Task StopAsync(int processId)
    {
        Signal("STOP", processId);
        return WaitAsync(() => !Directory.Exists($"/proc/{processId}") || StatesOf(processId).All(state => state == 'T'), "the process stands still");
    }

    public static bool Signal(string signal, int processId) => Do("kill", $"-{signal}", processId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Says what was wrong and leaves everything there, or removes it.</summary>
    public bool Conclude()
    {
        Console.WriteLine($"wrong                {Problems.Count}");
        foreach (var problem in Problems)
            Console.Error.WriteLine(problem);
        if (Problems.Count > 0)
            Console.Error.WriteLine($"Store and ledgers: {root}");
        else
            Directory.Delete(root, recursive: true);
        return Problems.Count == 0;
    }

    public ValueTask DisposeAsync() => Kitaru.DisposeAsync();

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

    private string FlowFile()
    {
        var path = Path.Combine(root, "Marked.cs");
        var flows = Path.Combine(AppContext.BaseDirectory, "Flows");
        if (!File.Exists(path))
            File.WriteAllText(path, File.ReadAllText(Path.Combine(flows, "Marked.cs")) + File.ReadAllText(Path.Combine(flows, "Ledger.cs")));
        return path;
    }
}
