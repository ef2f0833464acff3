using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Kitaru.Core.Configuration;

namespace Kitaru.Worker;

/// <summary>
/// Turns the process's standard output and error, as child processes and raw streams see them, into a file of its own, so that a parent
/// that goes away leaves no broken pipe. Standard input is empty.
/// </summary>
internal static partial class RawOutput
{
    private const int WriteOnly = 1;
    private const int AppendOnLinux = 0x400;
    private const int AppendElsewhere = 0x8;
    private const int Interrupted = 4;
    private const int CrashCode = 134;

    public static void TakeOver(string path)
    {
        ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
        if (OperatingSystem.IsWindows())
            TakeOverOnWindows(path);
        else
            TakeOverOnUnix(path);
        Console.SetIn(TextReader.Null);
    }

    /// <summary>
    /// Turns standard output and error to a pipe instead, and returns what writes to the file. Raw streams and child processes that were opened
    /// before keep the file.
    /// </summary>
    public static Action<byte[]> Divert(AnonymousPipeServerStream pipe, string path)
    {
        Action<byte[]> write;
        if (OperatingSystem.IsWindows())
        {
            var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            write = bytes => file.Write(bytes);
            // Never disposed, as below.
            _ = SetStdHandle(-11, pipe.ClientSafePipeHandle.DangerousGetHandle());
            _ = SetStdHandle(-12, pipe.ClientSafePipeHandle.DangerousGetHandle());
        }
        else
        {
            // The descriptor that appends wherever the end then is: the file may have been cut.
            var file = Duplicate(1);
            write = bytes => WriteAll(file, bytes);
            if (file < 0 || Duplicate((int)pipe.ClientSafePipeHandle.DangerousGetHandle(), 1) < 0 || Duplicate(1, 2) < 0)
                throw new IOException($"Output cannot be redirected: error {Marshal.GetLastPInvokeError()}.");
            pipe.DisposeLocalCopyOfClientHandle();
        }
        return write;
    }

    /// <summary>Ends the process at once, with the code of a crash; nothing more is printed.</summary>
    public static void Crash()
    {
        if (OperatingSystem.IsWindows())
            Environment.Exit(CrashCode);
        else
            ExitNow(CrashCode);
    }

    private static void WriteAll(int file, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var written = Write(file, bytes, bytes.Length);
            if (written < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw new IOException($"Output cannot be written: error {Marshal.GetLastPInvokeError()}.");
            bytes = bytes[(int)Math.Max(0, written)..];
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void TakeOverOnUnix(string path)
    {
        new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }).Dispose();
        // Appending, so that the file can be cut while it is written to.
        Redirect(path, WriteOnly | (OperatingSystem.IsLinux() ? AppendOnLinux : AppendElsewhere), 1, 2);
        Redirect("/dev/null", 0, 0);
        // Out of the terminal's group: Ctrl-C there is meant for the parent.
        _ = SetSession();
    }

    private static void Redirect(string path, int flags, params ReadOnlySpan<int> descriptors)
    {
        var opened = Open(path, flags);
        if (opened < 0)
            throw new IOException($"'{path}' cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        foreach (var descriptor in descriptors)
        {
            if (Duplicate(opened, descriptor) < 0)
                throw new IOException($"Output cannot be redirected to '{path}': error {Marshal.GetLastPInvokeError()}.");
        }
        _ = Close(opened);
    }

    // Never disposed: the handle is the process's standard output.
    private static void TakeOverOnWindows(string path)
    {
        var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _ = SetStdHandle(-11, file.SafeFileHandle.DangerousGetHandle());
        _ = SetStdHandle(-12, file.SafeFileHandle.DangerousGetHandle());
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int number, nint handle);
}
