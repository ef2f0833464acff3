using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kitaru.ControlPlane.Storage.Sqlite;

/// <summary>
/// A lock on a side file that the processes of one store queue for before they write. SQLite's own waiting is unfair (a process can
/// starve for a second); this one is not. It is a courtesy: correctness rests on BEGIN IMMEDIATE. The system frees it when a process dies.
/// </summary>
internal sealed partial class FileGate : IDisposable
{
    private const int LockExclusive = 2;
    private const int LockUnlock = 8;
    private const int Interrupted = 4;
    private const int OpenReadWrite = 2;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const uint LockfileExclusive = 2;

    private readonly SafeFileHandle _file;

    public FileGate(string path)
    {
        CreateForOwnerOnly(path);
        if (OperatingSystem.IsWindows())
        {
            _file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return;
        }
        // Not through .NET: it takes a shared lock of its own on every file it opens here. Closed on exec, so no child inherits our turn.
        var descriptor = Open(path, OpenReadWrite | (OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux));
        if (descriptor < 0)
            throw new IOException($"{path} cannot be opened: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        _file = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Makes an empty file that only its owner can read, unless it is there.</summary>
    public static void CreateForOwnerOnly(string path)
    {
        if (File.Exists(path))
            return;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            new FileStream(path, options).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process made it in this moment.
        }
    }

    /// <summary>Waits until it is our turn.</summary>
    public void Enter()
    {
        if (OperatingSystem.IsWindows())
        {
            LockOnWindows();
            return;
        }
        while (Flock(_file, LockExclusive) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new Win32Exception(error);
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Exit()
    {
        if (OperatingSystem.IsWindows())
        {
            UnlockOnWindows();
        }
        else
        {
            _ = Flock(_file, LockUnlock);
        }
    }

    public void Dispose() => _file.Dispose();

    private unsafe void LockOnWindows()
    {
        var overlapped = default(NativeOverlapped);
        if (!LockFileEx(_file, LockfileExclusive, 0, 1, 0, &overlapped))
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private unsafe void UnlockOnWindows()
    {
        var overlapped = default(NativeOverlapped);
        UnlockFileEx(_file, 0, 1, 0, &overlapped);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool LockFileEx(SafeFileHandle file, uint flags, uint reserved, uint bytesLow, uint bytesHigh, NativeOverlapped* overlapped);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool UnlockFileEx(SafeFileHandle file, uint reserved, uint bytesLow, uint bytesHigh, NativeOverlapped* overlapped);
}
