using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Kitaru.ControlPlane.Targets;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>
/// A worker this process has started. It outlives its parent if it must: it soon writes to a file of its own, so the pipes here only carry
/// what goes wrong before that.
/// </summary>
internal sealed partial class WorkerProcess : IDisposable
{
    private const int OutputCharsMax = 8 * 1024;
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private WorkerProcess(Process process, WorkerId id)
    {
        _process = process;
        Id = id;
        var reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
        Exited = ExitedAsync(reading);
    }

    public WorkerId Id { get; }

    /// <summary>Ends with the exit code.</summary>
    public Task<int> Exited { get; }

    /// <summary>What it wrote before it had its own file.</summary>
    public string EarlyOutput
    {
        get
        {
            lock (_output)
                return _output.ToString().Trim();
        }
    }

    public static WorkerProcess Start(string host, string runFolder, WorkerArguments arguments, IReadOnlyDictionary<string, string?> environment) =>
        new WorkerProcess(WorkerLaunch.Start(host, runFolder, arguments.ToArguments(), environment), arguments.Id);

    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>Asks it to stop in good order; false where processes cannot be asked.</summary>
    public bool TryTerminate() => !OperatingSystem.IsWindows() && !Exited.IsCompleted && Signal(_process.Id, Terminate) == 0;

    /// <summary>Lets go of it; it goes on.</summary>
    public void Dispose() => _process.Dispose();

    private async Task<int> ExitedAsync(Task reading)
    {
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        var code = _process.ExitCode;
        // Its own children may hold the pipes open; they are not waited for.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System)).ConfigureAwait(false);
        return code;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[1024];
        while (await reader.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false) is var read and > 0)
        {
            lock (_output)
            {
                if (_output.Length < OutputCharsMax)
                    _output.Append(buffer, 0, read);
            }
        }
    }
}
