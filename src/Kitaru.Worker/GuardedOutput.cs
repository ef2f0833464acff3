using System.Diagnostics.CodeAnalysis;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text;
using Kitaru.Secrets;

namespace Kitaru.Worker;

/// <summary>
/// Stands between what the process and its children print and the file it goes to, from the moment the process knows a secret: only masked bytes
/// reach the disk. Before that moment nothing stands there, so that a crash leaves every last word.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "It stands there as long as the process lives.")]
internal sealed class GuardedOutput(string path)
{
    private const int LineBytesMax = 256 * 1024;
    private static readonly TimeSpan FlushMax = TimeSpan.FromSeconds(5);

    private readonly byte[] _mark = Encoding.ASCII.GetBytes($"\0kitaru-flush-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}\n");
    private readonly StandardWriter _out = new(Console.OpenStandardOutput);
    private readonly StandardWriter _error = new(Console.OpenStandardError);
    private readonly SemaphoreSlim _flushed = new(0);
    private AnonymousPipeServerStream? _pipe;
    private Action<byte[]> _write = static _ => { };
    private readonly List<byte> _pending = [];
    private KnownSecrets? _secrets;

    /// <summary>Gives the process's output its file.</summary>
    public void TakeOver()
    {
        RawOutput.TakeOver(path);
        Console.SetOut(_out);
        Console.SetError(_error);
    }

    /// <summary>Begins to stand there.</summary>
    public void Start(KnownSecrets secrets)
    {
        _secrets = secrets;
        // Children on Windows write to the very handle; elsewhere they get a copy under the usual number.
        _pipe = new AnonymousPipeServerStream(PipeDirection.In, OperatingSystem.IsWindows() ? HandleInheritability.Inheritable : HandleInheritability.None);
        _write = RawOutput.Divert(_pipe, path);
        _out.Reopen();
        _error.Reopen();
        new Thread(Relay) { IsBackground = true, Name = "output" }.Start();
        AppDomain.CurrentDomain.UnhandledException += OnCrash;
    }

    /// <summary>Returns when all that was printed before is in the file.</summary>
    public void Flush()
    {
        if (_pipe is null)
            return;
        using var output = Console.OpenStandardOutput();
        output.Write(_mark);
        _flushed.Wait(FlushMax);
    }

    /// <summary>The runtime's own words would be in the pipe when the process is gone: they are said here, and it ends with them.</summary>
    private void OnCrash(object sender, UnhandledExceptionEventArgs crash)
    {
        using (var error = Console.OpenStandardError())
            error.Write(Encoding.UTF8.GetBytes($"Unhandled exception. {crash.ExceptionObject}\n"));
        Flush();
        RawOutput.Crash();
    }

    private void Relay()
    {
        var buffer = new byte[64 * 1024];
        while (_pipe!.Read(buffer) is var read and > 0)
        {
            _pending.AddRange(buffer.AsSpan(0, read));
            while (TakeMark() || TakeLines())
            {
            }
        }
    }

    private bool TakeMark()
    {
        var at = CollectionsMarshal.AsSpan(_pending).IndexOf(_mark);
        if (at < 0)
            return false;
        Send(at);
        _pending.RemoveRange(0, _mark.Length);
        _flushed.Release();
        return true;
    }

    /// <summary>Whole lines; what is no line yet only when it gets too long, and then not within a value.</summary>
    private bool TakeLines()
    {
        var end = _pending.LastIndexOf((byte)'\n') + 1;
        if (end == 0 && _pending.Count > LineBytesMax + 2 * (_secrets!.All?.LongestBytes ?? 0))
            end = _secrets.All?.CutBefore([.. _pending]) ?? _pending.Count;
        if (end == 0)
            return false;
        Send(end);
        return true;
    }

    private void Send(int count)
    {
        var bytes = _pending.GetRange(0, count).ToArray();
        _pending.RemoveRange(0, count);
        try
        {
            _write(_secrets!.All?.Apply(bytes) ?? bytes);
        }
        catch (IOException)
        {
            // No space. Whoever prints must not be kept waiting for it.
        }
    }
}
