using System.Text;
using Kitaru.ControlPlane.Stacks.Local;
using Kitaru.Core;
using Kitaru.Secrets;

namespace Kitaru.Worker;

/// <summary>
/// Puts what arrives in the raw output file (from child processes, native code, threads nobody knows) into the log of every execution that
/// ran when it came: whose it is cannot be told.
/// </summary>
internal sealed class OutputTail : IAsyncDisposable
{
    private const int FileBytesMax = 16 * 1024 * 1024;
    private const int ReadBytesMax = 256 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ILogs _logs;
    private readonly Func<DateTimeOffset, IReadOnlyList<ExecutionId>> _runningSince;
    private readonly TimeProvider _time;
    private readonly KnownSecrets _secrets;
    private readonly WorkerOutput _output;
    private readonly FileStream _file;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _tailing;
    private DateTimeOffset _lookedAt;

    public OutputTail(string path, ILogs logs, Func<DateTimeOffset, IReadOnlyList<ExecutionId>> runningSince, TimeProvider time, KnownSecrets secrets)
    {
        (_logs, _runningSince, _time, _secrets) = (logs, runningSince, time, secrets);
        _lookedAt = time.GetUtcNow();
        _output = new WorkerOutput(path);
        _file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _tailing = TailAsync();
    }

    /// <summary>Sends what has arrived, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _tailing;
        await _file.DisposeAsync();
        _stop.Dispose();
    }

    private async Task TailAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Interval, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                var now = _time.GetUtcNow();
                while (await SendAsync())
                {
                }
                _lookedAt = now;
            }
            catch (Exception e) when (e is KitaruBackendException or IOException)
            {
                // No store, or no space. The lines stay in the file; they are sent the next time, or read from it by others.
            }
        }
    }

    private async Task<bool> SendAsync()
    {
        var offset = _file.Position;
        var buffer = new byte[Math.Min(ReadBytesMax, Math.Max(0, _file.Length - offset))];
        var read = await _file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false);
        var end = Array.LastIndexOf(buffer, (byte)'\n', read - 1 < 0 ? 0 : read - 1) + 1;
        // A line without end waits for it, unless it fills the buffer or nothing more will come.
        if (read == 0 || (end == 0 && read < ReadBytesMax && !_stop.IsCancellationRequested))
        {
            _file.Position = offset;
            return false;
        }
        end = end == 0 ? read : end;
        _file.Position = offset;
        var now = _time.GetUtcNow();
        var entries = WorkerOutput.Lines(Encoding.UTF8.GetString(buffer, 0, end)).Where(line => line.Length > 0)
            .Select(line => WorkerOutput.Entry(_secrets.All?.Apply(line) ?? line, "INFO", now)).ToList();
        foreach (var execution in entries.Count == 0 ? [] : _runningSince(_lookedAt))
            await AppendAsync(execution, entries);
        _file.Position = offset + end;
        _output.MarkRead(_file.Position);
        CutWhenLarge();
        return true;
    }

    private async Task AppendAsync(ExecutionId execution, IReadOnlyList<LogEntry> entries)
    {
        try
        {
            await _logs.AppendAsync(execution, entries);
        }
        catch (KitaruNotFoundException)
        {
            // Deleted just now; the others get the lines.
        }
    }

    private void CutWhenLarge()
    {
        if (_file.Position < FileBytesMax || _file.Position < _file.Length)
            return;
        _file.SetLength(0);
        _file.Position = 0;
        _output.MarkRead(0);
    }
}
