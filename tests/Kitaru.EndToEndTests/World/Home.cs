using System.Diagnostics;
using Kitaru.Core.Configuration;

namespace Kitaru.EndToEndTests.World;

/// <summary>A folder of one test's own: config directory, flow files, ledger; and the processes that belong to it.</summary>
internal sealed class Home
{
    public Home()
    {
        Root = Directory.CreateTempSubdirectory("kitaru-e2e-").FullName;
        Config = Path.Combine(Root, "config");
        Directory.CreateDirectory(Path.Combine(Root, "flows"));
    }

    public string Root { get; }

    public string Config { get; }

    public string LedgerPath => Path.Combine(Root, "ledger.txt");

    public ConfigDirectory Directories => new(Config);

    public Ledger Ledger => new(LedgerPath);

    /// <summary>Copies a file of Flows/ here, with the ledger class below it, and returns its path.</summary>
    public string AddFlow(string name)
    {
        var source = Path.Combine(AppContext.BaseDirectory, "Flows");
        return Write(Path.Combine("flows", name), File.ReadAllText(Path.Combine(source, name)) + "\n" + File.ReadAllText(Path.Combine(source, "Ledger.cs")));
    }

    public string Write(string relativePath, string text)
    {
        var path = Path.Combine(Root, relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Numbers of the live worker processes of this home.</summary>
    public IReadOnlyList<int> Workers() =>
        [.. OwnProcesses.Of(Root).Where(process => process.CommandLine.Contains("Kitaru.Worker.dll", StringComparison.Ordinal)).Select(process => process.Id)];

    /// <summary>SIGKILL, as kill -9 does it.</summary>
    /// <returns>How many were killed.</returns>
    public int KillWorkers()
    {
        var workers = Workers();
        foreach (var id in workers)
            Kill(id);
        return workers.Count;
    }

    public Task NoWorkersAsync() => Until.TrueAsync(() => Workers().Count == 0, "no worker process is left");

    /// <summary>Waits for every process of this home to end; ends what does not and says so.</summary>
    public async Task CloseAsync()
    {
        string[] left = [];
        try
        {
            await Until.TrueAsync(() => OwnProcesses.Of(Root).Count == 0, "no process is left behind", TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            var processes = OwnProcesses.Of(Root);
            left = [.. processes.Select(process => $"{process.Id}: {process.CommandLine}")];
            foreach (var process in processes)
                Kill(process.Id);
        }
        if (left.Length == 0)
            Directory.Delete(Root, recursive: true);
        left.ShouldBeEmpty("processes were left behind");
    }

    public static void Kill(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            process.Kill();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }
}
