using System.Diagnostics;
using System.Text.Json;

namespace Kitaru.ControlPlane.Stacks.Local;

/// <summary>A worker that only checks, as its parent sees it: a line for each execution, one after the other.</summary>
internal sealed class CheckProcess : IDisposable
{
    private const int LineCharsMax = 64 * 1024;

    private readonly Process _process;
    private readonly string _nonce;
    private readonly Task _errors;

    private CheckProcess(Process process, string nonce)
    {
        (_process, _nonce) = (process, nonce);
        // Nobody reads it; a full pipe would stop the process.
        _errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    public static CheckProcess Start(string host, string runFolder, CheckArguments arguments) =>
        new CheckProcess(WorkerLaunch.Start(host, runFolder, arguments.ToArguments()), arguments.Nonce);

    /// <summary>The next result; null when the process has ended.</summary>
    public async Task<ReplayCheck?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(_nonce, StringComparison.Ordinal) && line.Length <= LineCharsMax)
                return JsonSerializer.Deserialize<ReplayCheck>(line[_nonce.Length..]);
        }
        return null;
    }

    /// <summary>Ends it with everything it has started.</summary>
    public void Dispose()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended by itself.
        }
        _ = _errors.ContinueWith(static task => _ = task.Exception, TaskScheduler.Default);
        _process.Dispose();
    }
}
