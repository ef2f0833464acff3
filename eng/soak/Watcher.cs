using System.Diagnostics;
using System.Reflection;

namespace Kitaru.Soak;

/// <summary>A kitaru-mcp process that nobody talks to: it looks after the store for as long as its input stays open.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;

    private Watcher(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
    }

    /// <summary>kitaru-mcp.</summary>
    public static string Server { get; } = typeof(Watcher).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "Server").Value!;

    public int ProcessId => _process.Id;

    /// <param name="config">The config directory.</param>
    /// <param name="withoutFileSizeSignal">Writes behind a limit fail instead of ending the process; its workers inherit that.</param>
    public static Watcher Start(string config, bool withoutFileSizeSignal = false)
    {
        var start = withoutFileSizeSignal
            ? new ProcessStartInfo("sh", ["-c", "trap '' XFSZ; exec dotnet \"$0\"", Server])
            : new ProcessStartInfo("dotnet", [Server]);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        start.Environment["KITARU_CONFIG_PATH"] = config;
        start.Environment["KITARU_WORKER_IDLE_SECONDS"] = "5";
        // Its code would be written to files of gigabytes in memory, which a process that starts under a limit cannot make.
        if (withoutFileSizeSignal)
            start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new Watcher(Process.Start(start)!);
    }

    /// <summary>SIGKILL; its workers are left alone.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends it as a client does.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }
}
