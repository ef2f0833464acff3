using System.Diagnostics;
using System.Text;

namespace Kitaru.EndToEndTests.Servers;

/// <summary>A long-lived program of ours with its output kept for messages.</summary>
internal sealed class Daemon : IDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Daemon(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static Daemon Start(string program, string config, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KITARU_CONFIG_PATH"] = config;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new Daemon(Process.Start(start)!);
    }

    public static async Task ReadyAsync(string url)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(ReadyMax);
        while (true)
        {
            try
            {
                if ((await http.GetAsync(new Uri(url + "/ready"), limit.Token)).IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>In good order, as a machine that is shut down does it; what it started ends with it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            terminate.WaitForExit();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(30)))
                _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
