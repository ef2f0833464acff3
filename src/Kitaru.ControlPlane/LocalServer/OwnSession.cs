using System.Runtime.InteropServices;

namespace Kitaru.ControlPlane.LocalServer;

/// <summary>
/// Takes a process out of the group of the program that started it: Ctrl-C there, a terminal that closes, and a client that ends its server with all that belongs to it are meant
/// for that program. On Windows there are no such groups.
/// </summary>
internal static partial class OwnSession
{
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetSession();
    }

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}
