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

    public static void TakeOver(string path)
    {
        ConfigDirectory.Ensure(Path.GetDirectoryName(path)!);
        if (OperatingSystem.IsWindows())
            TakeOverOnWindows(path);
        else
            TakeOverOnUnix(path);
        Console.SetIn(TextReader.Null);
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
        var writer = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
        Console.SetOut(writer);
        Console.SetError(writer);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Duplicate(int from, int to);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetStdHandle(int number, nint handle);
}
